using System.Linq;
using AotCompiler.Emission;
using AotCompiler.Ir;
using AotCompiler.Lowering;

namespace AotCompiler.Kernels;

/// <content>
/// Tiles of single numbers, for processors without vectors. Everything is addressed by pointers that move and constant offsets from
/// them, which are part of a load or store, and never by an index.
/// </content>
internal sealed partial class ContractionWriter
{
    /// <summary>Terms of an inner loop that is written out.</summary>
    private const int MaxUnrolledTerms = 4;

    /// <summary>Taps of a depthwise window that is written out.</summary>
    private const int MaxUnrolledWindow = 12;

    /// <summary>The real outputs of a block, as many at once as the tile has.</summary>
    private void WriteScalarTile(int positions, bool partial)
    {
        Extent lanes = partial ? LastLanes : Layout.BlockSize;
        int group = System.Math.Min(_tile.Lanes, lanes.Maximum);
        if (lanes.IsDynamic)
        {
            _writer.Line("int lane = 0;");
            foreach (int size in new[] { group, 1 }.Distinct())
            {
                using (_writer.Block($"for (; lane <= {_writer.Value(lanes)} - {size}; lane += {size})"))
                {
                    WriteScalarLanes(positions, size, "lane", 0);
                }
            }

            return;
        }

        int whole = lanes.Maximum / group * group;
        using (_writer.For("lane", whole, group))
        {
            WriteScalarLanes(positions, group, whole > group ? "lane" : null, 0);
        }

        if (lanes.Maximum > whole)
        {
            using (_writer.Block())
            {
                WriteScalarLanes(positions, lanes.Maximum - whole, null, whole);
            }
        }
    }

    /// <summary>A tile of some outputs of a block: from <paramref name="first"/> on, or from the value of a loop's variable.</summary>
    private void WriteScalarLanes(int positions, int lanes, string? loop, int first)
    {
        string Lane(string pointer, long stride = 1) => stride == 0 ? pointer : loop is null ? Add(pointer, first * stride) : $"{pointer} + {Scaled(loop, stride)}";
        if (_work.Bias is not null)
        {
            _writer.Line($"{PointerType(_work.Bias)} bTile = {Lane($"b{Offset(("g", _work.Groups, _work.Blocks * Layout.BlockSize), ("block", TiledBlocks, Layout.BlockSize))}")};");
        }

        for (int r = 0; r < lanes; r++)
        {
            string initial = _work.Bias is null ? _terms.Zero(_simd) : _terms.Load(_simd, Add("bTile", r));
            _writer.Line($"{_terms.SumType(_simd)} {string.Join(", ", Enumerable.Range(0, positions).Select(p => $"{Sum(p, r)} = {(p == 0 ? initial : Sum(0, r))}"))};");
        }

        string start = $"xRow{Offset(("p", TiledPositions, _work.InputStrides.Position))}";
        _writer.Line($"{PointerType(_work.Input)} xTile = {(_work.LaneInput ? Lane(start) : start)};");
        _writer.Line($"{PointerType(_work.Weights)} wTile = {Lane("panel")};");
        TileRow row = TileRow.OfScalars(_simd, lanes);
        foreach (ReductionPart part in _work.Reduction)
        {
            WriteReduction(part, 0, Add("xTile", part.Start), positions, row);
        }

        _writer.Line($"{PointerType(_work.Output)} yTile = {Lane($"yRow{Offset(("p", TiledPositions, _work.OutputStrides.Position))}")};");
        for (int i = 0; i < _work.EpilogueOperands.Count; i++)
        {
            EpilogueOperand operand = _work.EpilogueOperands[i];
            _writer.Line($"{PointerType(operand.View)} r{i + 1}Tile = {Lane($"r{i + 1}Row{Offset(("p", TiledPositions, operand.Strides.Position))}", operand.LaneStride)};");
        }

        if (_work.IsStaged)
        {
            StoreScalarStaged(positions, lanes);
            return;
        }

        for (int p = 0; p < positions; p++)
        {
            for (int r = 0; r < lanes; r++)
            {
                StoreScalar(RealSum(p, r), $"t{p}_{r}_", (pointer, strides, laneStride) => Add(pointer, (p * strides.Position) + (r * laneStride)));
            }
        }
    }

    /// <summary>Sums go through scratch memory to an epilogue that is a loop.</summary>
    private void StoreScalarStaged(int positions, int lanes)
    {
        for (int p = 0; p < positions; p++)
        {
            for (int r = 0; r < lanes; r++)
            {
                _writer.Line(_simd.Store(Add("s", (p * lanes) + r), _terms.Real(Sum(p, r))));
            }
        }

        using (_writer.For("q", positions))
        using (_writer.For("i", lanes))
        {
            string Walk(string pointer, long positionStride, long laneStride) => $"{pointer}{Offset(("q", positions, positionStride), ("i", lanes, laneStride))}";
            _writer.Line($"{_simd.Type} sum = {_simd.Load(Walk("s", lanes, 1))};");
            StoreScalar("sum", "t", (pointer, strides, laneStride) => Walk(pointer, strides.Position, laneStride));
        }
    }

    /// <summary>The epilogue of one sum. Its result is a local before the address is computed: it may have branches, over which an address would have to be kept.</summary>
    private void StoreScalar(string sum, string prefix, System.Func<string, OutputStrides, long, string> at)
    {
        string[] operands = new[] { sum }
            .Concat(_work.EpilogueOperands.Select((o, i) => OperandValue(_simd, o, at($"r{i + 1}Tile", o.Strides, o.LaneStride))))
            .ToArray();
        string target = at("yTile", _work.OutputStrides, 1);
        if (_work.Epilogue is null || _work.Output.Zero is not null)
        {
            StoredLanes.EmitStore(_work.Epilogue, _writer, _simd, operands, prefix, _work.Output, target);
            return;
        }

        _writer.Line($"{_simd.Type} {prefix}y = {StoredLanes.EmitResult(_work.Epilogue, _writer, _simd, operands, prefix, _work.Output)};");
        _writer.Line(_simd.Store(target, $"{prefix}y", _work.Output.Type));
    }

    /// <summary>The terms of an innermost loop: written out if they are few, else a loop that ends where the weights end.</summary>
    private void WriteScalarTerms(string source, long stride, int extent, int positions, TileRow row)
    {
        if (extent == 1 || (extent <= MaxUnrolledTerms && !_writer.IsCompact))
        {
            WriteTerms(source, null, stride, extent, positions, row);
            return;
        }

        // Tiles of codes are so small that the loop would be a third of their time.
        int unrolled = _work.Codes is not null && !_writer.IsCompact && extent % MaxUnrolledTerms == 0 ? MaxUnrolledTerms : 1;

        using (_writer.Block())
        {
            _writer.Line($"{PointerType(_work.Input)} xk = {source};");
            _writer.Line($"{PointerType(_work.Weights)} wEnd = wTile + {_writer.Number((long)extent * _work.RowLength)};");
            using (_writer.Block("do"))
            {
                WriteTerms("xk", null, stride, unrolled, positions, row);
                _writer.Line($"xk += {(stride == 1 ? $"{unrolled}" : _writer.Number(unrolled * stride))};");
            }

            _writer.Line("while (wTile < wEnd);");
        }
    }

    /// <summary>A depthwise window row by row, without a loop.</summary>
    private bool TryWriteScalarWindow(ReductionPart part, string source, int positions, TileRow registers)
    {
        if (!_work.LaneInput || _writer.IsCompact || _work.HasTapTable || part.Length > MaxUnrolledWindow || part.Loops.Count != 2)
        {
            return false;
        }

        for (int tapRow = 0; tapRow < part.Loops[0].Extent; tapRow++)
        {
            _terms.TryWriteRow(Add(source, tapRow * part.Loops[0].Stride), part.Loops[1].Stride, part.Loops[1].Extent, positions, registers);
        }

        return true;
    }
}
