using System;
using System.Collections.Generic;
using System.Linq;
using AotCompiler.Emission;
using AotCompiler.Ir;
using AotCompiler.Lowering;

namespace AotCompiler.Kernels;

/// <summary>Writes the loops around the register tiles of a contraction, and the tiles.</summary>
internal sealed partial class ContractionWriter
{
    // A depthwise tap is one multiply-add per position: too little to pay for a loop.
    private const int MaxUnrolledTaps = 5;

    private readonly Contraction _work;
    private readonly StepWriter _writer;
    private readonly TileChoice _tile;
    private readonly ContractionSplit _split;
    private readonly Simd _simd;
    private readonly TileTerms _terms;

    // Outputs that the present tile of blocks begins before its first block.
    private int _back;

    public ContractionWriter(Contraction work, StepWriter writer, TileChoice tile, ContractionSplit split)
    {
        _work = writer.Simd.IsScalar ? work.At(writer.Simd) with { Reduction = work.JoinedReduction } : work.At(writer.Simd);
        _writer = writer;
        _tile = tile;
        _split = writer.IsShared ? split : ContractionSplit.None;
        _simd = writer.Simd.Of(work.Type);
        _terms = TileTerms.Of(_work, writer);
    }

    /// <summary>Extent of the loop over tiles; 1 if a single tile takes the whole row.</summary>
    private int TiledPositions => _work.Filtering is not null ? (_work.Positions > RowFilter.Outputs ? _work.Positions : 1)
        : _work.PositionVariable is not null || _work.PositionSize is not null || _work.Positions > _tile.Positions ? _work.Positions : 1;

    /// <summary>Extent of the loop over blocks; 1 if a single tile takes all of them.</summary>
    private int TiledBlocks => HasPartialBlock || _work.InputStarts is not null || _work.Blocks > _tile.Blocks ? _work.Blocks : 1;

    private bool HasPartialBlock => _work.LastLanes != Layout.BlockSize || _work.ColumnSize is not null;

    /// <summary>Writes the step's body.</summary>
    public void Write()
    {
        _writer.Pointer(_work.Input, "x", _work.Input.Describe());
        _writer.Pointer(_work.Weights, "w", _work.WeightStride > 0 ? _work.Weights.Describe() : $"panels of [{_work.PanelLength / _work.RowLength}, {_work.RowLength}]");
        if (_work.Bias is { } bias)
        {
            _writer.Pointer(bias, "b", "bias");
        }

        if (_work.InputStarts is { } starts)
        {
            _writer.Pointer(starts, "starts", _work.HasTermTable ? "terms of each block, then their places in the input" : _work.TermRanges is null ? "first input element of each block" : "first input element of each block, then the extent of its sums");
        }

        for (int i = 0; i < _work.EpilogueOperands.Count; i++)
        {
            _writer.Pointer(_work.EpilogueOperands[i].View, $"r{i + 1}", _work.EpilogueOperands[i].View.Describe());
        }

        if (_work.Scratch is { } scratch)
        {
            string purpose = _work.IsStaged ? "sums of a tile" : "sums of the last block, whose lanes are not all real";
            if (_writer.IsShared)
            {
                _writer.Line($"{PointerType(scratch)} {_writer.Name("s")} = stackalloc {scratch.Type.CSharpName()}[{scratch.Shape.ElementCount}];   // {purpose}");
            }
            else
            {
                _writer.Pointer(scratch, "s", purpose);
            }
        }

        _writer.Pointer(_work.Output, "y", _work.Output.Describe());
        WriteLoops();
    }

    /// <summary>Writes the loops alone, for a caller that has declared the pointers: x, w and y, and b, s, taps and r1, r2, … where there are such operands.</summary>
    public void WriteLoops() => WriteBatch(0);

    private void WriteBatch(int loop)
    {
        if (loop < _work.BatchExtents.Count)
        {
            if (_work.BatchExtents[loop] == 1)
            {
                WriteBatch(loop + 1);
                return;
            }

            using (SharedLoop.For(_writer, $"n{loop}", _work.BatchExtents[loop], _split.IsBatch(loop)))
            {
                WriteBatch(loop + 1);
            }

            return;
        }

        if (_work.Groups == 1)
        {
            WriteBlocks();
            return;
        }

        using (SharedLoop.For(_writer, "g", _work.Groups, _split.Loop == ContractionLoop.Groups))
        {
            WriteBlocks();
        }
    }

    private void WriteBlocks()
    {
        if (_work.ColumnSize is { } columns)
        {
            WriteRunTimeBlocks(columns);
            return;
        }

        int units = 0;
        foreach (BlockTiles tiles in _work.TilesOfBlocks(_tile.Blocks))
        {
            using (Tiles(ContractionLoop.Blocks, "block", tiles.Start, tiles.End, tiles.Blocks, ref units))
            {
                _back = tiles.IsPartial && _work.RepeatsOutputs ? Layout.BlockSize - _work.LastLanes : 0;
                if (_back > 0)
                {
                    _writer.Line($"// The last 16 outputs: the first {_back} of them are computed again.");
                }
                else if (tiles.IsPartial)
                {
                    _writer.Line($"// Only {_work.LastLanes} of the 16 lanes are real outputs.");
                }
                else if (tiles.LastIsHalf)
                {
                    _writer.Line("// At most 8 of the last block's lanes are real outputs; zeros are stored behind them.");
                }

                WriteRows(new TileRow(_simd, tiles.Blocks, tiles.LastIsHalf), tiles.IsPartial && _back == 0);
            }
        }
    }

    /// <summary>A loop over tiles; those of the loop that threads share are numbered.</summary>
    private CodeWriter.Scope Tiles(ContractionLoop loop, string variable, int start, int end, int size, ref int units)
    {
        int first = units;
        units += (end - start + size - 1) / size;
        return _split.Loop == loop ? _writer.ForTiles(variable, start, end, size, first) : _writer.For(variable, (long)end, size, start);
    }

    /// <summary>Whole tiles of blocks, then single blocks, then the lanes that are left.</summary>
    private void WriteRunTimeBlocks(Size columns)
    {
        Size whole = columns.FloorDivide(Layout.BlockSize);
        _writer.Line("int block = 0;");
        foreach (int blocks in new[] { _tile.Blocks, 1 }.Distinct())
        {
            using (_writer.Block($"for (; block <= {_writer.Value(whole)} - {blocks}; block += {blocks})"))
            {
                WriteRows(new TileRow(_simd, blocks, LastIsHalf: false), partial: false);
            }
        }

        if (LastLanes.Size?.Constant == 0)
        {
            return;
        }

        using (_writer.Block($"if ({_writer.Value(columns)} % {Layout.BlockSize} != 0)"))
        {
            _writer.Line("// Only some of the 16 lanes are real outputs.");
            WriteRows(new TileRow(_simd, 1, LastIsHalf: false), partial: true);
        }
    }

    /// <summary>Lanes of the last block that are real.</summary>
    private Extent LastLanes => _work.ColumnSize is { } columns
        ? new Extent(Layout.BlockSize - 1, columns - (columns.FloorDivide(Layout.BlockSize) * Size.Of(Layout.BlockSize)))
        : _work.LastLanes;

    private void WriteRows(TileRow tile, bool partial)
    {
        string panel = Offset(("g", _work.Groups, _work.Blocks * _work.PanelLength), ("block", TiledBlocks, _work.PanelLength));
        _writer.Line($"{PointerType(_work.Weights)} panel = {Add($"w{BatchOffset(_work.WeightBatchStrides)}{panel}", -_back)};");
        if (_work.Filtering is not null)
        {
            WriteFilteredRows(tile);
            return;
        }

        DeclareAhead();
        if (_work.Rows == 1)
        {
            WriteRow(tile, partial, "0");
            return;
        }

        using (SharedLoop.For(_writer, "row", new Extent(_work.Rows, _work.RowSize), _split.Loop == ContractionLoop.Rows))
        {
            WriteRow(tile, partial, "row");
        }
    }

    private void WriteRow(TileRow tile, bool partial, string row)
    {
        string start = _work.InputStarts is null || _work.HasTermTable ? string.Empty : " + starts[block]";
        _writer.Line($"{PointerType(_work.Input)} xRow = x{start}{RowOffset(_work.InputStrides, row)};");
        _writer.Line($"{PointerType(_work.Output)} yRow = {Add($"y{RowOffset(_work.OutputStrides, row)}", -_back)};");
        for (int i = 0; i < _work.EpilogueOperands.Count; i++)
        {
            _writer.Line($"{PointerType(_work.EpilogueOperands[i].View)} r{i + 1}Row = {Add($"r{i + 1}{RowOffset(_work.EpilogueOperands[i].Strides, row)}", -_back * _work.EpilogueOperands[i].LaneStride)};");
        }

        if (_work.Above is { } above)
        {
            _writer.Line($"{PointerType(above.View)} aboveRow = above{RowOffset(above.Strides, row)};");
        }

        if (_work.PositionVariable is not null || _work.PositionSize is not null)
        {
            WriteRunTimePositions(_work.PositionVariable ?? _writer.Value(_work.PositionSize!), tile, partial);
            return;
        }

        int tiled = _work.Positions / _tile.Positions * _tile.Positions;
        int units = 0;
        if (tiled < _work.Positions && CanRepeat)
        {
            WriteRepeatingTiles(tile, partial);
            return;
        }

        using (Tiles(ContractionLoop.Positions, "p", 0, tiled, _tile.Positions, ref units))
        {
            WriteTile(_tile.Positions, tile, partial);
        }

        if (_work.Positions > tiled)
        {
            using (Tiles(ContractionLoop.Positions, "p", tiled, TiledPositions, _work.Positions - tiled, ref units))
            {
                WriteTile(_work.Positions - tiled, tile, partial);
            }
        }
    }

    /// <summary>True if compact code may compute some outputs twice instead of having a tile for what is left of a row.</summary>
    private bool CanRepeat => _writer.IsCompact && _work.MayRepeat && _split.Loop != ContractionLoop.Positions;

    /// <summary>Whole tiles only; the last begins where it ends with the row.</summary>
    private void WriteRepeatingTiles(TileRow tile, bool partial)
    {
        string last = _writer.Number(_work.Positions - _tile.Positions);
        using (_writer.Block($"for (int tile = 0; tile < {_writer.Number(_work.Positions)}; tile += {_tile.Positions})"))
        {
            _writer.Line($"int p = global::System.Math.Min(tile, {last});");
            WriteTile(_tile.Positions, tile, partial);
        }
    }

    /// <summary>Whole tiles, then tiles of each smaller power of two for what is left.</summary>
    private void WriteRunTimePositions(string count, TileRow tile, bool partial)
    {
        using (_writer.Block())
        {
            bool isShared = _split.Loop == ContractionLoop.Positions;
            _writer.Line(isShared ? $"int p = {StepWriter.Begin} * {_tile.Positions};" : "int p = 0;");
            string end = isShared ? _writer.Declare("int", "pEnd", $"global::System.Math.Min({StepWriter.End} * {_tile.Positions}, {count})") : count;
            foreach (int positions in new[] { _tile.Positions, 8, 4, 2, 1 }.Where(t => t <= _tile.Positions).Distinct())
            {
                using (_writer.Block($"for (; p <= {end} - {positions}; p += {positions})"))
                {
                    WriteTile(positions, tile, partial);
                }
            }
        }
    }

    private void WriteTile(int positions, TileRow row, bool partial)
    {
        if (_work.FewOutputs > 0)
        {
            WriteLaneSums(positions);
            return;
        }

        if (_simd.IsScalar)
        {
            WriteScalarTile(positions, partial);
            return;
        }

        DeclareAccumulators(positions, row);
        _writer.Line($"{PointerType(_work.Input)} xTile = xRow{Offset(("p", TiledPositions, _work.InputStrides.Position))};");
        _writer.Line($"{PointerType(_work.Weights)} wTile = {Add("panel", _work.PanelHeader)};");
        _terms.Declare();
        foreach (ReductionPart part in _work.Reduction)
        {
            WriteReduction(part, 0, Add("xTile", part.Start), positions, row);
        }

        MoveAhead();
        JoinAccumulators(positions, row.Count);
        if (partial)
        {
            StorePartial(positions, row);
        }
        else if (_work.IsStaged)
        {
            StoreStaged(positions, row);
        }
        else
        {
            Store(positions, row);
        }
    }

    private void DeclareAccumulators(int positions, TileRow row)
    {
        for (int r = 0; r < row.Count; r++)
        {
            Simd width = row.WidthOf(r);
            string initial = _work.Bias is null
                ? _terms.Zero(width)
                : _terms.Load(width, Add($"b{Offset(("g", _work.Groups, _work.Blocks * Layout.BlockSize), ("block", TiledBlocks, Layout.BlockSize))}", r * _simd.Lanes));
            _writer.Line($"{_terms.SumType(width)} c0_{r} = {initial};");
        }

        for (int p = 1; p < positions; p++)
        {
            foreach (IGrouping<Simd, int> registers in Enumerable.Range(0, row.Count).GroupBy(row.WidthOf))
            {
                _writer.Line($"{_terms.SumType(registers.Key)} {string.Join(", ", registers.Select(r => $"c{p}_{r} = c0_{r}"))};");
            }
        }

        foreach ((string sum, Simd width) in SplitSums(positions, row))
        {
            _writer.Line($"{_terms.SumType(width)} {sum} = {_terms.Zero(width)};");
        }
    }

    /// <summary>Name of a sum; with a split reduction each output has several, which take turns.</summary>
    public static string Sum(int position, int register, int part = 0) => part == 0 ? $"c{position}_{register}" : $"c{position}_{register}_{part}";

    private IEnumerable<(string Sum, Simd Width)> SplitSums(int positions, TileRow row) =>
        from part in Enumerable.Range(1, _tile.Split - 1)
        from p in Enumerable.Range(0, positions)
        from r in Enumerable.Range(0, row.Count)
        select (Sum(p, r, part), row.WidthOf(r));

    /// <summary>The sums of one output become one, pairwise.</summary>
    private void JoinAccumulators(int positions, int registers)
    {
        for (int half = _tile.Split / 2; half > 0; half /= 2)
        {
            for (int part = 0; part < half; part++)
            {
                for (int p = 0; p < positions; p++)
                {
                    for (int r = 0; r < registers; r++)
                    {
                        _writer.Line($"{Sum(p, r, part)} += {Sum(p, r, part + half)};");
                    }
                }
            }
        }
    }

    private string RowOffset(OutputStrides strides, string row) =>
        BatchOffset(strides.Batch) + Offset(("g", _work.Groups, strides.Group), ("block", TiledBlocks, strides.Block), (row, _work.Rows, strides.Row));

    private string BatchOffset(IReadOnlyList<long> strides) =>
        Offset(strides.Select((s, i) => ($"n{i}", _work.BatchExtents[i].Maximum, s)).ToArray());

    /// <summary>" + variable * stride" for each loop that runs and moves the operand.</summary>
    private string Offset(params (string Variable, int Extent, long Stride)[] loops) => string.Concat(loops
        .Where(static l => l.Extent > 1 && l.Stride != 0 && l.Variable != "0")
        .Select(l => l.Stride == 1 ? $" + {l.Variable}" : $" + ({Walked(l.Variable, l.Stride, l.Extent)})"));

    /// <summary>A loop's variable times a stride.</summary>
    public static string Scaled(string variable, long stride, int extent = 1) => Scaled(variable, stride, extent, $"{stride}");

    /// <summary>The same of a loop around the tiles, whose stride other steps may pass as an argument.</summary>
    private string Walked(string variable, long stride, int extent = 1) => stride == 1 ? variable : Scaled(variable, stride, extent, _writer.Number(stride));

    private static string Scaled(string variable, long stride, int extent, string text) => stride == 1
        ? variable
        : $"{variable} * {(Math.Abs(stride * extent) > int.MaxValue ? $"{stride}L" : text)}";

    private static string PointerType(TensorView view) => StepWriter.PointerType(view.Type);

    public static string Add(string pointer, long offset) => offset == 0 ? pointer : offset < 0 ? $"{pointer} - {-offset}" : VectorLoop.At(pointer, $"{offset}");
}
