using System;
using System.Collections.Generic;
using System.Linq;
using AotCompiler.Emission;
using AotCompiler.Lowering;

namespace AotCompiler.Kernels;

/// <summary>Writes a <see cref="LineWinograd"/>: loops over strips, the transforms, and between them the products as a contraction.</summary>
internal sealed class LineWinogradWriter
{
    private const int Block = Layout.BlockSize;

    /// <summary>Most that a tile which threads can share may take of the fastest one's time.</summary>
    private const double CostOfSharing = 1.04;

    private readonly LineWinograd _work;
    private readonly StepWriter _writer;
    private readonly Simd _simd;
    private readonly RealWinogradTransform _transform;

    public LineWinogradWriter(LineWinograd work, StepWriter writer)
    {
        _work = work;
        _writer = writer;
        _simd = writer.Simd;
        _transform = work.Transform;
    }

    /// <summary>Writes the step's body.</summary>
    public void Write()
    {
        DeclarePointers();
        using (_writer.For("image", _work.Batch))
        {
            if (_work.SharesBlocks)
            {
                WriteTilesOfBlocks();
            }
            else
            {
                WriteStrips();
            }
        }
    }

    /// <summary>The tiles of output channels that a share of the only strip computes.</summary>
    public static IEnumerable<BlockTiles> TilesOfBlocks(LineWinograd work, Simd simd) => work.Contraction().TilesOfBlocks(Tile(work, simd).Blocks);

    /// <summary>The products' register tile: of the only strip one that leaves something to a second thread, unless it is too slow.</summary>
    private static TileChoice Tile(LineWinograd work, Simd simd)
    {
        Contraction products = work.Contraction();
        TileChoice best = products.Tile(simd);
        double Cycles(TileChoice tile) => tile.Cycles(simd, 1, work.StripTiles, work.Blocks, work.Channels);
        return work.SharesBlocks
            ? products.Tiles(simd).Where(t => t.Blocks * 2 <= work.Blocks + 1 && Cycles(t) <= Cycles(best) * CostOfSharing).Append(best).First()
            : best;
    }

    private void WriteStrips()
    {
        using (_writer.ForLanes("strip", _work.Strips, _work.Lanes, _work.StripRows, _work.TileRows))
        {
            _writer.Line(_work.TileRows % _work.StripRows == 0
                ? $"const int rows = {_work.StripRows};"
                : $"int rows = global::System.Math.Min({_work.StripRows}, {_work.TileRows} - strip);");
            WriteInput();
            WriteProducts(ContractionSplit.None);
            using (_writer.For("block", _work.Blocks))
            {
                WriteOutput();
            }
        }
    }

    private void WriteTilesOfBlocks()
    {
        _writer.Line("const int strip = 0;");
        _writer.Line($"const int rows = {_work.StripRows};");
        WriteInput();
        WriteProducts(new ContractionSplit(ContractionLoop.Blocks, -1, 1));
        int units = 0;
        foreach (BlockTiles tiles in TilesOfBlocks(_work, _simd))
        {
            using (_writer.ForTiles("group", tiles.Start, tiles.End, tiles.Blocks, units))
            using (_writer.Block($"for (int block = group; block < group + {tiles.Blocks}; block++)"))
            {
                WriteOutput();
            }

            units += tiles.Count;
        }
    }

    private void WriteProducts(ContractionSplit split)
    {
        _writer.Line("// Products at every point.");
        using (_writer.Block())
        {
            _writer.Line("float* x = points;");
            _writer.Line("float* w = weightPanels;");
            _writer.Line("float* y = products;");
            new ContractionWriter(_work.Contraction(), _writer, Tile(_work, _simd), split).WriteLoops();
        }
    }

    private void DeclarePointers()
    {
        _writer.Pointer(_work.Input, "input", _work.Input.Describe());
        if (_work.Constants is { } constants && WinogradInterpolation.ReadsConstants(_simd))
        {
            _writer.Pointer(constants, WinogradInterpolation.ConstantsName, "constants of the transforms [constant, 16], in memory to leave the registers to the sums");
        }

        _writer.Pointer(_work.Weights, "weightPanels", $"panels of [{_work.Channels}, 16], {_transform.Points} per block of outputs");
        if (_work.Bias is { } bias)
        {
            _writer.Pointer(bias, "bias");
        }

        for (int i = 0; i < _work.EpilogueOperands.Count; i++)
        {
            _writer.Pointer(_work.EpilogueOperands[i].View, $"r{i + 1}", _work.EpilogueOperands[i].View.Describe());
        }

        DeclareScratch(_work.Points, "points", "transformed inputs [point, block, tile, 16]", _work.InputPlane);
        DeclareScratch(_work.Products, "products", "products [point, block, tile, 16]", _work.ProductPlane);
        _writer.Pointer(_work.Output, "output", _work.Output.Describe());
    }

    /// <summary>A call works on its stack, or in the memory of its first lane.</summary>
    private void DeclareScratch(TensorView view, string name, string comment, long plane)
    {
        bool isLocal = _writer.HasLocal((_work.InputPlane + _work.ProductPlane) * _transform.Points * sizeof(float));
        _writer.LaneMemory(view, name, comment, isLocal || _work.Lanes > 1 ? plane * _transform.Points : 0, isLocal);
    }

    private void WriteInput()
    {
        OutputStrides strides = _work.InputStrides;
        _writer.Line("// Inputs to points.");
        using (_writer.For("channelBlock", Layout.BlockCount(_work.Channels)))
        using (_writer.Block("for (int r = 0; r < rows; r++)"))
        {
            _writer.Line($"float* x = input{Image(strides)} + (channelBlock * {strides.Block}L) + ((strip + r) * {RowStep(strides)}L);");
            _writer.Line($"float* to = points + (channelBlock * {_work.StripTiles * Block}L) + (r * {_work.TileColumns * Block});");
            WriteTiles(present =>
            {
                long tap = TapStride(strides);
                _writer.ForBlockLanes(VectorType.Real(_simd), lane =>
                {
                    string[] cells = Enumerable.Range(0, _transform.Points)
                        .Select(k => k < present ? _writer.Load(VectorType.Real(_simd), $"d{k}", $"x + (tile * {ColumnStep(strides)}){Plus(k * tap)}{Plus(lane)}") : _simd.Zero)
                        .ToArray();
                    IReadOnlyList<string> points = _transform.Input(_writer, _simd, cells);
                    for (int k = 0; k < points.Count; k++)
                    {
                        _writer.Line(_simd.Store($"to + (tile * {Block}){Plus(k * _work.InputPlane)}{Plus(lane)}", points[k]));
                    }
                });
            });
        }
    }

    /// <summary>A loop over the tiles of a row; the last along the taps may lack cells.</summary>
    private void WriteTiles(Action<int> body)
    {
        int all = _transform.Points;
        int last = all - _work.MissingCells;
        if (last == all)
        {
            WriteLoop(0, _work.TileColumns, all, body);
        }
        else if (!_work.Vertical)
        {
            WriteLoop(0, _work.TileColumns - 1, all, body);
            WriteLoop(_work.TileColumns - 1, _work.TileColumns, last, body);
        }
        else
        {
            using (_writer.Block($"if (strip + r < {_work.TileRows - 1})"))
            {
                WriteLoop(0, _work.TileColumns, all, body);
            }

            using (_writer.Block("else"))
            {
                WriteLoop(0, _work.TileColumns, last, body);
            }
        }
    }

    private void WriteLoop(int start, int end, int present, Action<int> body)
    {
        if (end > start)
        {
            using (_writer.For("tile", end, 1, start))
            {
                body(present);
            }
        }
    }

    /// <summary>One block of output channels.</summary>
    private void WriteOutput()
    {
        _writer.Line("// Points to outputs.");
        using (_writer.Block("for (int r = 0; r < rows; r++)"))
        using (_writer.For("tile", _work.TileColumns))
        {
            _writer.Line($"float* from = products + (block * {_work.StripTiles * Block}L) + (((r * {_work.TileColumns}) + tile) * {Block});");
            _writer.Line($"float* y = output{Offset(_work.OutputStrides)};");
            for (int i = 0; i < _work.EpilogueOperands.Count; i++)
            {
                _writer.Line($"float* r{i + 1}Tile = r{i + 1}{Offset(_work.EpilogueOperands[i].Strides)};");
            }

            _writer.ForBlockLanes(VectorType.Real(_simd), lane =>
            {
                string[] values = Enumerable.Range(0, _transform.Points).Select(k => _writer.Load(VectorType.Real(_simd), $"f{k}", $"from{Plus(k * _work.ProductPlane)}{Plus(lane)}")).ToArray();
                if (_work.Bias is not null)
                {
                    _writer.Line($"{_simd.Type} shift = {_simd.Load($"bias + (block * {Block}){Plus(lane)}")};");
                }

                IReadOnlyList<string> sums = _transform.Output(_writer, _simd, values);
                for (int j = 0; j < sums.Count; j++)
                {
                    Store(j, _work.Bias is null ? sums[j] : $"{sums[j]} + shift", lane);
                }
            });
        }
    }

    /// <summary>Stores one output of a tile, unless it lies behind the end.</summary>
    private void Store(int output, string sum, string lane)
    {
        string tile = _work.Vertical ? "strip + r" : "tile";
        int tiles = _work.Vertical ? _work.TileRows : _work.TileColumns;
        using (_writer.Block(output < _work.LastOutputs ? string.Empty : $"if ({tile} < {tiles - 1})"))
        {
            string value = sum;
            if (_work.Epilogue is { } epilogue)
            {
                _writer.Line($"{_simd.Type} sum{output} = {sum};");
                string[] operands = new[] { $"sum{output}" }.Concat(_work.EpilogueOperands.Select((o, i) => o.LaneStride == 0
                    ? _simd.Broadcast($"*(r{i + 1}Tile{Plus(output * TapStride(o.Strides))})")
                    : _simd.Load($"r{i + 1}Tile{Plus(output * TapStride(o.Strides))}{Plus(lane)}"))).ToArray();
                value = epilogue.Emit(_writer.Code, _simd, operands, $"t{output}_");
            }

            _writer.Line(_simd.Store($"y{Plus(output * TapStride(_work.OutputStrides))}{Plus(lane)}", value));
        }
    }

    private string Offset(OutputStrides strides)
    {
        string text = Image(strides);
        text += strides.Block == 0 ? string.Empty : $" + (block * {strides.Block}L)";
        text += RowStep(strides) == 0 ? string.Empty : $" + ((strip + r) * {RowStep(strides)}L)";
        return text + (ColumnStep(strides) == 0 ? string.Empty : $" + (tile * {ColumnStep(strides)})");
    }

    private string Image(OutputStrides strides) => _work.Batch > 1 && strides.Batch[0] != 0 ? $" + (image * {strides.Batch[0]}L)" : string.Empty;

    private long RowStep(OutputStrides strides) => _work.Vertical ? strides.Row * _transform.Outputs : strides.Row;

    private long ColumnStep(OutputStrides strides) => _work.Vertical ? strides.Position : strides.Position * _transform.Outputs;

    private long TapStride(OutputStrides strides) => _work.Vertical ? strides.Row : strides.Position;

    private static string Plus(string index) => index.Length == 0 ? string.Empty : $" + {index}";

    private static string Plus(long offset) => offset == 0 ? string.Empty : $" + {offset}";
}
