using System;
using System.Collections.Generic;
using System.Linq;
using AotCompiler.Emission;
using AotCompiler.Ir;
using AotCompiler.Lowering;

namespace AotCompiler.Kernels;

/// <summary>Writes a Winograd convolution: loops over strips of tiles, the transforms, and between them the products as a contraction.</summary>
internal class WinogradWriter
{
    protected const int Block = Layout.BlockSize;

    private readonly Winograd _work;
    private readonly WinogradStage _stage;
    private readonly StepWriter _writer;
    private readonly Simd _simd;
    private readonly WinogradTransform _transform;
    private readonly WinogradTiling _tiling;
    private readonly WinogradDilation _dilation;
    private readonly VectorType _points;
    private readonly VectorType _sums;
    private bool _isLocal;

    // Width and lanes of the inputs' transforms: half a block of f32 if there are no more channels.
    private readonly Simd _inputSimd;
    private readonly VectorType _inputs;
    private readonly int _inputLanes;

    public WinogradWriter(Winograd work, WinogradStage stage, StepWriter writer)
        : this(work, stage, writer, VectorType.Real(writer.Simd), VectorType.Real(writer.Simd))
    {
    }

    protected WinogradWriter(Winograd work, WinogradStage stage, StepWriter writer, VectorType points, VectorType sums)
    {
        _points = points;
        _sums = sums;
        _work = work;
        _stage = stage;
        _writer = writer;
        _simd = writer.Simd;
        bool isHalf = work.Codes is null && work.Channels <= Block / 2;
        _inputLanes = isHalf ? Block / 2 : Block;
        _inputSimd = isHalf && _simd.Lanes > _inputLanes ? _simd.Narrower : _simd;
        _inputs = isHalf ? VectorType.Real(_inputSimd) : points;
        _transform = work.Transform;
        _tiling = work.Tiling;
        _dilation = work.Dilation;
    }

    /// <summary>Units that threads share, each with scratch memory of its own: strips, input blocks or groups of output blocks.</summary>
    public static int Lanes(Winograd work, WinogradStage stage) => Math.Min(work.Tiling.Lanes, stage switch
    {
        WinogradStage.Inputs => Layout.BlockCount(work.Channels),
        WinogradStage.Outputs => work.Groups,
        _ => work.RowStrips,
    });

    /// <summary>The pointer to a tile's sums, transformed along one dimension.</summary>
    protected virtual string SumLines => "lines";

    /// <summary>The pointer to the transformed weights of the group in hand.</summary>
    protected virtual string Panels => $"weightPanels{OfPart((long)_transform.PanelCount * _work.Channels * Block * _work.Blocks)} + (group * {Number((long)_transform.PanelCount * _work.Channels * Block)})";

    /// <summary>Added to a pointer to what parts of the channels have one after the other.</summary>
    private string OfPart(long elements) => _work.HasParts ? $" + (image * {Number(elements)})" : string.Empty;

    /// <summary>Writes the step's body.</summary>
    public void Write()
    {
        DeclarePointers();
        using (_work.Sizes is { } sizes ? _writer.For("strip", sizes.Batch * _work.ImageStripTrip) : _stage == WinogradStage.Whole ? Share("strip", _work.RowStrips, 1) : _writer.Block())
        {
            DeclareStrip();
            using (_work.TileColumnTrip is { IsDynamic: true } tiles
                ? _writer.Block($"for (int tileColumn = 0; tileColumn < {_writer.Value(tiles)}; tileColumn += {_tiling.Columns})")
                : _writer.For("tileColumn", _work.TileColumns, _tiling.Columns))
            {
                DeclareExtent("rows", _tiling.Rows, _work.TileRowTrip, "tileRow");
                DeclareExtent("columns", _tiling.Columns, _work.TileColumnTrip, "tileColumn");
                if (_stage != WinogradStage.Outputs)
                {
                    WriteInput();
                }

                if (_stage != WinogradStage.Inputs)
                {
                    WriteOutput();
                }
            }
        }
    }

    /// <summary>A loop over what the lanes share: over the part of this call's lanes, or all.</summary>
    private CodeWriter.Scope Share(string variable, int count, int step, int? end = null) =>
        _writer.ForLanes(variable, count, Lanes(_work, _stage), step, end);

    /// <summary>Image and first tile row of a strip.</summary>
    private void DeclareStrip()
    {
        if (_work.RowStrips == 1)
        {
            _writer.Line("const int tileRow = 0;");
            return;
        }

        if (_work.Batch == 1)
        {
            _writer.Line($"int tileRow = strip * {_tiling.Rows};");
            return;
        }

        string strips = _writer.Value(_work.ImageStripTrip);
        _writer.Line($"int image = strip / {strips};");
        _writer.Line($"int tileRow = strip % {strips} * {_tiling.Rows};");
    }

    private void DeclarePointers()
    {
        if (_work.Constants is { } constants && WinogradInterpolation.ReadsConstants(_simd))
        {
            _writer.Pointer(constants, WinogradInterpolation.ConstantsName, "constants of the transforms [constant, 16], in memory to leave the registers to the sums");
        }

        if (_stage != WinogradStage.Outputs)
        {
            _writer.Pointer(_work.Input, "input", _work.Input.Describe());
        }

        (long points, long products, long lines) = Winograd.ScratchLengths(_transform, _tiling, _work.Channels);
        _isLocal = _writer.HasLocal(Winograd.LaneBytes(_transform, _tiling, _work.Channels));
        DeclareScratch(_work.Points, "points", $"transformed inputs {(_work.Codes is null ? "[point, block, tile, 16]" : "[point, tile, channel]")}", _stage == WinogradStage.Whole ? points : 0);
        DeclareScratch(_work.Lines, SumLines, "a tile row, transformed along one dimension", lines);
        DeclareLines();
        if (_stage == WinogradStage.Inputs)
        {
            return;
        }

        DeclareScratch(_work.Products, "products", "products [point, block, tile, 16]", products);
        DeclareWeights();
        if (_work.Bias is { } bias)
        {
            _writer.Pointer(bias, "b", "bias");
        }

        for (int i = 0; i < _work.EpilogueOperands.Count; i++)
        {
            _writer.Pointer(_work.EpilogueOperands[i].View, $"r{i + 1}", _work.EpilogueOperands[i].View.Describe());
        }

        _writer.Pointer(_work.Output, "output", _work.Output.Describe());
    }

    /// <summary>Declares the pointer <c>lines</c>, if it is not that to the sums.</summary>
    protected virtual void DeclareLines()
    {
    }

    protected virtual void DeclareWeights() =>
        _writer.Pointer(_work.Weights, "weightPanels", $"panels of [{_work.Channels}, 16], {_transform.PanelCount} per block of outputs");

    /// <summary>Brings the weights of a group of so many blocks where <see cref="Panels"/> points.</summary>
    protected virtual void WriteWeights(int blocks)
    {
    }

    /// <summary>The cells at a pointer into the input.</summary>
    protected virtual string Cells(string pointer) => _inputs.Load(pointer);

    /// <summary>What a finished output is as f32; the bias is a local, or null.</summary>
    protected virtual string Real(string sum, string? bias) => bias is null ? sum : $"{sum} + {bias}";

    /// <summary>A call works on its stack, or in the memory of its first lane.</summary>
    protected void DeclareScratch(TensorView view, string name, string comment, long laneLength) =>
        _writer.LaneMemory(view, name, comment, laneLength, _isLocal);

    /// <summary>How many of a strip's tiles there are: fewer in the last strip.</summary>
    private void DeclareExtent(string name, int extent, Extent total, string start) => _writer.Line(extent == 1 || (!total.IsDynamic && total.Maximum % extent == 0)
        ? $"const int {name} = {extent};"
        : $"int {name} = global::System.Math.Min({extent}, {_writer.Value(total)} - {start});");

    private void WriteInput()
    {
        int m = _transform.Outputs;
        _writer.Line("// Inputs to points.");
        int blocks = Layout.BlockCount(_work.Channels);
        using (_stage == WinogradStage.Inputs ? Share("channelBlock", blocks, 1) : _writer.For("channelBlock", blocks))
        using (_writer.Block("for (int r = 0; r < rows; r++)"))
        {
            OutputStrides strides = _work.InputStrides;
            string image = _work.Batch > 1 ? $" + (image * {Number(strides.Batch[0])})" : string.Empty;
            _writer.Line($"{StepWriter.PointerType(_work.Input.Type)} x = input{image} + (channelBlock * {Number(strides.Block)}) + {First("(tileRow + r)", _dilation.Rows, strides.Row)} + (tileColumn * {Number(m * strides.Position)});");
            WriteColumns();
            WriteLines();
        }
    }

    /// <summary>Transforms every column of a tile row; rows and columns behind the input's end count as zeros.</summary>
    private void WriteColumns()
    {
        int step = _transform.Step;
        int reach = _transform.Reach;
        int apart = _dilation.Columns;
        int missingColumns = Math.Max(0, ((((_work.TileColumns + apart - 1) / apart * step) + reach) * apart) - _work.InputColumns);
        string wanted = apart == 1 ? $"((columns * {step}) + {reach})" : $"((((columns + {apart - 1}) / {apart} * {step}) + {reach}) * {apart})";
        bool mayLackColumns = missingColumns > 0 || _work.ColumnTrip.IsDynamic;
        _writer.Line(!mayLackColumns
            ? $"int present = {wanted} * 16;"
            : $"int present = global::System.Math.Min({wanted}, {_writer.Value(_work.Sizes?.InputColumns ?? _work.InputColumns)} - (tileColumn * {step})) * 16;");
        int[] rows = _work.RowTrip.IsDynamic ? Array.Empty<int>() : Enumerable.Range(0, _work.TileRows).Select(_work.PresentRows).ToArray();
        int missingRows = _transform.Points - rows.DefaultIfEmpty(0).Min();
        if (_work.RowTrip.IsDynamic || (_dilation.Rows > 1 && missingRows > 0))
        {
            WriteColumnsOfTheRun();
        }
        else if (missingRows == 0)
        {
            WriteColumnLoop(_transform.Points);
        }
        else if (_work.TileRows == 1)
        {
            WriteColumnLoop(_transform.Points - missingRows);
        }
        else
        {
            using (_writer.Block($"if (tileRow + r < {_work.TileRows - 1})"))
            {
                WriteColumnLoop(_transform.Points);
            }

            using (_writer.Block("else"))
            {
                WriteColumnLoop(_transform.Points - missingRows);
            }
        }

        if (mayLackColumns)
        {
            using (_writer.Block($"for (int i = present; i < {wanted} * 16; i += {_points.Lanes})"))
            {
                for (int k = 0; k < _transform.Points; k++)
                {
                    _writer.Line(_points.Store(Line("lines", k, "i"), _points.Zero));
                }
            }
        }
    }

    /// <summary>How many rows the last tiles lack depends on the run, or on the tile: each is looked at there, and in no other.</summary>
    private void WriteColumnsOfTheRun()
    {
        _writer.Line(_dilation.Rows == 1
            ? $"int presentRows = {_writer.Value(_work.Sizes!.InputRows)} - ((tileRow + r) * {_transform.Step});"
            : $"int presentRows = ({_work.InputRows + _dilation.Rows - 1} - {First("(tileRow + r)", _dilation.Rows, 1)}) / {_dilation.Rows};");
        using (_writer.Block($"if (presentRows >= {_transform.Points})"))
        {
            WriteColumnLoop(_transform.Points);
        }

        using (_writer.Block("else"))
        {
            WriteColumnLoop(_transform.Points, "presentRows");
        }
    }

    /// <summary>Transforms the columns that are there, of so many rows.</summary>
    /// <param name="rows">Rows that are read; the others are zeros.</param>
    /// <param name="present">A local with how many of them are there; null for all.</param>
    private void WriteColumnLoop(int rows, string? present = null)
    {
        using (_writer.Block($"for (int i = 0; i < present; i += {(_inputLanes < Block ? Block : _inputs.Lanes)})"))
        {
            if (_inputLanes < Block)
            {
                _writer.ForBlockLanes(_inputs, lane => WriteColumn(rows, lane.Length == 0 ? "i" : $"i + {lane}", present), _inputLanes);
            }
            else
            {
                WriteColumn(rows, "i", present);
            }
        }
    }

    private void WriteColumn(int rows, string index, string? present)
    {
        string Row(int k)
        {
            string cells = Cells($"x + {(k == 0 ? string.Empty : $"{Number(k * _dilation.Rows * _work.InputStrides.Row / _transform.Stride)} + ")}{index}");
            return present is null || k == 0 ? cells : $"{present} > {k} ? {cells} : {_inputs.Zero}";
        }

        string[] cells = Enumerable.Range(0, _transform.Points)
            .Select(k => k < rows ? _writer.Declare(_inputs, $"d{k}", Row(k)) : _inputs.Zero)
            .ToArray();
        IReadOnlyList<string> points = _transform.Input(_writer, _inputSimd, cells);
        for (int k = 0; k < points.Count; k++)
        {
            _writer.Line(_inputs.Store(Line("lines", k, index), points[k]));
        }
    }

    /// <summary>Transforms the lines of each tile and hands its points to the matrices.</summary>
    private void WriteLines()
    {
        int n = _transform.Points;
        string start = _dilation.Columns == 1 ? $"(tile * {_transform.Step * Block})" : First("tile", _dilation.Columns, Block);
        using (_writer.Block("for (int tile = 0; tile < columns; tile++)"))
        using (_writer.Block($"for (int line = 0; line < {n}; line++)"))
        {
            _writer.Line($"{_points.Pointer} from = lines + (line * {Number(_work.LineLength)}) + {start};");
            _writer.Line($"{_points.Pointer} to = points + (line * {Number(n * _work.InputPlane)}) + (channelBlock * {Number(_work.InputBlock)}) + (((r * {_tiling.Columns}) + tile) * {Number(_work.InputTile)});");
            _writer.ForBlockLanes(
                _inputs,
                lane =>
                {
                    string[] cells = Enumerable.Range(0, n).Select(k => _writer.Load(_inputs, $"d{k}", At("from", k * _dilation.Columns * Block, lane))).ToArray();
                    IReadOnlyList<string> values = _transform.Input(_writer, _inputSimd, cells);
                    for (int k = 0; k < n; k++)
                    {
                        _writer.Line(_inputs.Store(At("to", k * _work.InputPlane, lane), values[k]));
                    }
                },
                _inputLanes);
        }
    }

    /// <summary>Products and outputs of all blocks, a group at a time; the last group may be another one.</summary>
    private void WriteOutput()
    {
        int group = _tiling.Group;
        int whole = _work.BlocksOfWholeGroups;
        bool shared = _stage == WinogradStage.Outputs && _writer.IsShared;
        if (whole > 0)
        {
            using (shared ? Share("group", _work.Groups, group, whole) : _writer.For("group", whole, group))
            {
                WriteGroup(group, isLast: whole == _work.Blocks);
            }
        }

        if (whole < _work.Blocks)
        {
            using (_writer.Block(shared ? $"if ({StepWriter.End} == {Lanes(_work, _stage)})" : string.Empty))
            {
                _writer.Line($"const int group = {whole};");
                WriteGroup(_work.Blocks - whole, isLast: true);
            }
        }
    }

    private void WriteGroup(int group, bool isLast)
    {
        WriteWeights(group);
        _writer.Line("// Products at every point.");
        Contraction products = _work.ProductsOf(group, isLast);
        TileChoice tile = Winograd.Tile(_simd, _tiling, group, _work.Channels, _work.Codes is not null, products.LastIsHalf);
        using (_work.SharesPanels ? _writer.Block($"for (int point = 0; point < {_transform.Products}; point++)") : _writer.Block())
        {
            DeclareProducts(group);
            new ContractionWriter(products, _writer, tile, ContractionSplit.None).WriteLoops();
        }

        _writer.Line("// Points to outputs.");
        using (_writer.For("member", group))
        using (_writer.Block("for (int r = 0; r < rows; r++)"))
        using (_writer.Block("for (int tile = 0; tile < columns; tile++)"))
        {
            WriteSums();
            WriteOutputs();
        }
    }

    /// <summary>Declares what the products of a group read and write: of all points, or of one, whose weights are those of others too.</summary>
    private void DeclareProducts(int group)
    {
        if (!_work.SharesPanels)
        {
            _writer.Line($"{_points.Pointer} x = points;");
            _writer.Line($"{_points.Pointer} w = {Panels};");
            _writer.Line($"{_sums.Pointer} y = products;");
            return;
        }

        int n = _transform.Points;
        int last = _transform.Panels - 1;
        _writer.Line($"int panelIndex = (global::System.Math.Min(point / {n}, {last}) * {_transform.Panels}) + global::System.Math.Min(point % {n}, {last});");
        _writer.Line($"{_points.Pointer} x = points + (point * {Number(_work.InputPlane)});");
        _writer.Line($"{_points.Pointer} w = {Panels} + (panelIndex * {Number((long)group * _work.Channels * Block)});");
        _writer.Line($"{_sums.Pointer} y = products + (point * {Number(_work.ProductPlane)});");
    }

    private void WriteSums()
    {
        int n = _transform.Points;
        using (_writer.Block($"for (int column = 0; column < {n}; column++)"))
        {
            _writer.Line($"{_sums.Pointer} from = products + (column * {Number(_work.ProductPlane)}) + (((((member * {_tiling.Rows}) + r) * {_tiling.Columns}) + tile) * 16);");
            _writer.Line($"{_sums.Pointer} to = {SumLines} + (column * 16);");
            _writer.ForBlockLanes(_sums, lane =>
            {
                string[] values = Enumerable.Range(0, n).Select(k => _writer.Load(_sums, $"f{k}", At("from", k * n * _work.ProductPlane, lane))).ToArray();
                IReadOnlyList<string> sums = _transform.Output(_writer, _simd, values);
                for (int k = 0; k < sums.Count; k++)
                {
                    _writer.Line(_sums.Store(At("to", k * n * Block, lane), sums[k]));
                }
            });
        }
    }

    private void WriteOutputs()
    {
        DeclareCells("height", _work.RowTrip, _dilation.Rows, "tileRow + r");
        DeclareCells("width", _work.ColumnTrip, _dilation.Columns, "tileColumn + tile");
        using (_writer.Block("for (int line = 0; line < height; line++)"))
        {
            _writer.Line($"{_sums.Pointer} from = {SumLines} + (line * {_transform.Points * Block});");
            _writer.Line($"{StepWriter.PointerType(_work.Output.Type)} yTile = output{OutputOffset(_work.OutputStrides)};");
            for (int i = 0; i < _work.EpilogueOperands.Count; i++)
            {
                _writer.Line($"{StepWriter.PointerType(_work.EpilogueOperands[i].View.Type)} r{i + 1}Tile = r{i + 1}{OutputOffset(_work.EpilogueOperands[i].Strides)};");
            }

            _writer.ForBlockLanes(_sums, lane =>
            {
                string[] values = Enumerable.Range(0, _transform.Points).Select(k => _writer.Load(_sums, $"f{k}", At("from", k * Block, lane))).ToArray();
                string? bias = _work.Bias is null ? null : _writer.Load(_sums, "bias", $"b{OfPart((long)_work.Blocks * Block)} + ((group + member) * 16){(lane.Length > 0 ? $" + {lane}" : string.Empty)}");
                string[] sums = _transform.Output(_writer, _simd, values).Select(s => Real(s, bias)).ToArray();
                if (_work.Epilogue is { } epilogue && Contraction.IsCostly(epilogue, _work.Output.Zero is not null))
                {
                    StoreStaged(lane, sums);
                }
                else
                {
                    Store(lane, sums);
                }
            });
        }
    }

    private void Store(string lane, IReadOnlyList<string> sums)
    {
        int rest = _work.Columns % (_transform.Outputs * _dilation.Columns);
        int last = _work.ColumnTrip.IsDynamic ? 1 : Math.Min(rest, Math.Max(1, rest / _dilation.Columns));
        for (int x = 0; x < sums.Count; x++)
        {
            using (_writer.Block(last == 0 || x < last ? string.Empty : $"if (width > {x})"))
            {
                StoreFinished(sums[x], $"{x}", lane, At("yTile", x * _dilation.Columns * _work.OutputStrides.Position, lane), o => At(o.Pointer, x * o.Stride, o.Lane));
            }
        }
    }

    /// <summary>The sums take the place of what they came from, so that a costly epilogue is written once, in a loop.</summary>
    private void StoreStaged(string lane, IReadOnlyList<string> sums)
    {
        string staged = _sums.Element == "float" ? "from" : "staged";
        if (staged != "from")
        {
            _writer.Line($"float* {staged} = (float*)from;");
        }

        for (int x = 0; x < sums.Count; x++)
        {
            _writer.Line(_simd.Store(At(staged, x * Block, lane), sums[x]));
        }

        using (_writer.Block("for (int x = 0; x < width; x++)"))
        {
            static string Walk(long stride) => stride == 0 ? string.Empty : $" + (x * {Number(stride)})";
            string sum = _simd.Load(At($"{staged}{Walk(Block)}", 0, lane));
            StoreFinished(sum, string.Empty, lane, At($"yTile{Walk(_dilation.Columns * _work.OutputStrides.Position)}", 0, lane), o => At($"{o.Pointer}{Walk(o.Stride)}", 0, o.Lane));
        }
    }

    /// <summary>The epilogue on one sum, and the store; the address of an operand is made of its pointer, its stride from position to position and the lane.</summary>
    private void StoreFinished(string sum, string suffix, string lane, string target, Func<(string Pointer, long Stride, string Lane), string> address)
    {
        if (_work.Epilogue is not { } epilogue)
        {
            StoredLanes.EmitStore(null, _writer, _simd, new[] { sum }, "t", _work.Output, target);
            return;
        }

        _writer.Line($"{_simd.Type} sum{suffix} = {sum};");
        string[] operands = new[] { $"sum{suffix}" }.Concat(_work.EpilogueOperands.Select((o, i) =>
            ContractionWriter.OperandValue(_simd, o, address(($"r{i + 1}Tile", _dilation.Columns * o.Strides.Position, o.LaneStride == 0 ? string.Empty : lane))))).ToArray();
        StoredLanes.EmitStore(epilogue, _writer, _simd, operands, $"t{suffix}_", _work.Output, target);
    }

    /// <summary>Real outputs of a tile along one dimension: fewer in the last tile, or the last ones.</summary>
    private void DeclareCells(string name, Extent total, int dilation, string tile)
    {
        int m = _transform.Outputs;
        string there = dilation == 1 ? $"{_writer.Value(total)} - (({tile}) * {m})" : $"({total.Maximum + dilation - 1} - {First($"({tile})", dilation, 1)}) / {dilation}";
        _writer.Line(!total.IsDynamic && total.Maximum % (m * dilation) == 0 ? $"const int {name} = {m};" : $"int {name} = global::System.Math.Min({m}, {there});");
    }

    /// <summary>Where the first output of a tile is along a dimension.</summary>
    private string First(string tile, int dilation, long stride) => dilation == 1
        ? $"({tile} * {Number(_transform.Outputs * stride)})"
        : $"((({tile} / {dilation} * {_transform.Outputs * dilation}) + ({tile} % {dilation})) * {Number(stride)})";

    private string OutputOffset(OutputStrides strides)
    {
        int m = _transform.Outputs;
        int apart = _dilation.Rows;
        var terms = new List<string>();
        void Add(string index, long stride)
        {
            if (stride != 0)
            {
                terms.Add($" + ({index} * {Number(stride)})");
            }
        }

        Add("image", _work.Batch > 1 ? strides.Batch[0] : 0);
        Add("(group + member)", strides.Block);
        Add(apart == 1 ? $"(((tileRow + r) * {m}) + line)" : $"({First("(tileRow + r)", apart, 1)} + (line * {apart}))", strides.Row);
        if (strides.Position != 0)
        {
            terms.Add($" + {First("(tileColumn + tile)", _dilation.Columns, strides.Position)}");
        }

        return string.Concat(terms);
    }

    private string Line(string pointer, int line, string index) => At(pointer, line * _work.LineLength, index);

    protected static string At(string pointer, long offset, string index) =>
        $"{pointer}{(offset == 0 ? string.Empty : $" + {Number(offset)}")}{(index.Length == 0 ? string.Empty : $" + {index}")}";

    protected static string Number(long value) => Math.Abs(value) > int.MaxValue / 64 ? $"{value}L" : $"{value}";
}
