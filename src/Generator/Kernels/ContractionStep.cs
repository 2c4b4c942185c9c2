using System.Collections.Generic;
using System.Linq;
using AotCompiler.Emission;
using AotCompiler.Ir;
using AotCompiler.Lowering;
using AotCompiler.Lowering.Tuning;

namespace AotCompiler.Kernels;

/// <summary>
/// Convolutions and matrix products: register tiles of positions × output channels, summed over the whole reduction
/// without touching memory, then biased, run through the epilogue and stored.
/// </summary>
internal sealed class ContractionStep : Step, ITunable, IRowStep
{
    private readonly Contraction _whole;
    private readonly Contraction _work;
    private readonly string _what;
    private readonly bool _byRows;
    private (int VectorBits, TileChoice Tile)? _tuned;

    /// <param name="node">The node.</param>
    /// <param name="name">Name for people.</param>
    /// <param name="what">What is computed, for comments: <c>Conv 3×3</c>.</param>
    /// <param name="work">Loops, operands and strides.</param>
    public ContractionStep(Node node, string name, string what, Contraction work)
        : base(node, name)
    {
        _whole = work;
        _work = work.Flatten();
        _what = what;
    }

    private ContractionStep(ContractionStep step)
        : base(step.Node, step.Name)
    {
        _whole = _work = step._whole;
        _what = step._what;
        _tuned = step._tuned;
        _byRows = true;
    }

    public override bool TakesRunTimeSizes => true;

    public override bool NamesInstructions => _work.HasQuads;

    public override IReadOnlyList<TensorView> Reads => new[] { _work.Input }
        .Concat(_work.AllWeights)
        .Concat(new[] { _work.Bias, _work.InputStarts }.Where(static v => v is not null).Select(static v => v!))
        .Concat(_work.EpilogueOperands.Select(static o => o.View))
        .ToArray();

    public override IReadOnlyList<TensorView> Writes => new[] { _work.Output };

    public override IReadOnlyList<Storage> Scratch => _work.Scratch is { } scratch ? new[] { scratch.Storage } : System.Array.Empty<Storage>();

    public override long MultiplyAdds => _work.MultiplyAdds;

    public override IEnumerable<(TensorView Read, TensorView Write)> InPlace => _work.InPlace;

    public override string Kernel
    {
        get
        {
            TileChoice tile = Tile(Simd.V512);
            if (_work.FewOutputs > 0)
            {
                return $"contraction by input lanes, {_work.ReductionLength} terms, tile {tile.Positions}×{_work.FewOutputs} at 512 bits";
            }

            if (_work.Filtering is { } filtering)
            {
                return $"depthwise by minimal filtering, {filtering.Filter.Products.Count} products for {RowFilter.Outputs * filtering.Filter.Taps} taps at 512 bits";
            }

            return $"contraction{(_work.Codes is not null ? " of codes" : _work.Packed is { } packed ? $" of packed {packed.Bits}-bit weights" : string.Empty)}, {_work.ReductionLength * _work.ProductsPerTerm} terms, tile {tile.Positions}×{tile.Blocks * Layout.BlockSize} at 512 bits";
        }
    }

    public override string Summary => $"{_what}, y = {Contraction.Formula(_work.Bias is not null, _work.Epilogue, _work.EpilogueOperands)}";

    public override IEnumerable<string> Explain(Simd simd)
    {
        TileChoice tile = Tile(simd);
        if (_work.FewOutputs > 0)
        {
            yield return $"Of so few outputs each has a register of its own, whose lanes sum different input channels: cP_M is output M of position P.";
            yield return "In the end the lanes of each are added up.";
            yield break;
        }

        if (_work.At(simd).Filtering is { } filtering)
        {
            foreach (string line in filtering.Filter.Explain())
            {
                yield return line;
            }

            yield break;
        }

        if (simd.IsScalar)
        {
            yield return $"A tile of {Count(tile.Positions, "position")} × {Count(tile.Lanes, "output")} stays in registers while its sums grow: cP_R is output R of position P.";
            yield break;
        }

        yield return $"A tile of {Count(tile.Positions, "position")} × {tile.Blocks * Layout.BlockSize} outputs stays in registers while its sums grow: cP_R is register R of position P, {simd.Of(_work.Type).Lanes} outputs.";
        yield return _work.LaneInput
            ? $"Each of the {_work.ReductionLength} terms multiplies 16 channels of x by 16 weights, lane by lane."
            : _work.Packed is { } packed
            ? $"Each of the {_work.ReductionLength} terms is a word with {packed.CodesPerWord} weights for each of 16 outputs per block, which become numbers in registers: (code - zero point) * scale."
            : _work.Codes is null
            ? $"Each of the {_work.ReductionLength} terms multiplies one element of x per position by a row of 16 weights per block of outputs."
            : $"Each of the {_work.ReductionLength} terms multiplies four bytes of x per position by four weights for each of 16 outputs per block, in 32-bit integers.";
        if (tile.Split > 1)
        {
            yield return $"So few outputs would wait for their own sums: each has {tile.Split}, which take turns and are added in the end.";
        }

        if (_work.WeightStride > 0)
        {
            yield return "The rows of weights are read where they lie: so few positions would not pay for a copy in panels.";
        }
        else if (_work.LastLanes != Layout.BlockSize)
        {
            yield return $"The last block has {Count(_work.LastLanes, "real output")}: its sums pass through s, so that only those are stored.";
        }
    }

    private static string Count(int count, string what) => count == 1 ? $"1 {what}" : $"{count} {what}s";

    public Step? ByRows() => _whole.RowWindow is not null
        && _whole.Rows > 1
        && _whole.RowSize is null
        && _whole.PositionSize is null
        && _whole.ColumnSize is null
        && (_whole.LastLanes == Layout.BlockSize || _whole.Output.Layout.IsBlocked)
        && !_whole.BatchExtents.Any(static e => e.IsDynamic)
            ? new ContractionStep(this)
            : null;

    public IReadOnlyList<(TensorView View, RowAccess? Rows)> RowReads => Reads
        .Select(v => (v, ReferenceEquals(v, _whole.Input) ? _whole.RowWindow : ResidualRows(v)))
        .ToArray();

    /// <summary>Of a map whose rows lie one behind the other, units are tiles of positions.</summary>
    public ShareCut? Cut
    {
        get
        {
            TileChoice[] tiles = new[] { Simd.V512, Simd.V256, Simd.V128 }.Select(Tile).ToArray();
            bool IsCutBy(ContractionLoop loop) => tiles.All(tile => Split(tile).Loop == loop);
            return ByRows() is null || _whole.Output.Shape.Rank != 4 || _whole.Output.Shape[2] != _whole.Rows ? null
                : _work.Rows == 1 && IsCutBy(ContractionLoop.Positions) ? new ShareCut(tiles[0].Positions, tiles[1].Positions, tiles[2].Positions)
                : _work.Rows == _whole.Rows && IsCutBy(ContractionLoop.Rows) ? ShareCut.Rows
                : null;
        }
    }

    public override bool SharesRunTimeSizes => true;

    public override Extent ParallelExtent(Simd simd) => Split(Tile(simd)).Units;

    /// <summary>The work as it is written: compact code has no tile of its own for half a block.</summary>
    private Contraction Written => Goal == CodeGoal.Size && _work.LastIsHalf && _work.Blocks > 1 ? _work with { LastIsHalf = false } : _work;

    public override IEnumerable<StepPart> Parts(Simd simd)
    {
        Contraction work = Grouped(simd);
        return work.GroupPart is null ? System.Array.Empty<StepPart>()
            : ContractionWriter.FilterParts(work, Pointers(work).ToArray(), Split(Tile(simd)).Loop == ContractionLoop.Rows, Goal == CodeGoal.Size);
    }

    /// <summary>The work as it is written at a width, with groups of rows that are filtered as methods of their own.</summary>
    private Contraction Grouped(Simd simd) => Written.At(simd) is { Filtering: not null } work ? work with { GroupPart = "Rows" } : Written;

    private static IEnumerable<string> Pointers(Contraction work) => new[] { "float* x", "float* w" }
        .Concat(work.Bias is null ? System.Array.Empty<string>() : new[] { "float* b" })
        .Concat(work.Scratch is null ? System.Array.Empty<string>() : new[] { "float* s" })
        .Concat(work.EpilogueOperands.Select(static (o, i) => $"{StepWriter.PointerType(o.View.Type)} r{i + 1}"))
        .Append("float* y");

    public override void Emit(StepWriter writer)
    {
        TileChoice tile = Tile(writer.Simd);
        new ContractionWriter(Grouped(writer.Simd), writer, tile, Split(tile)).Write();
    }

    private ContractionSplit Split(TileChoice tile) => _byRows
        ? new ContractionSplit(ContractionLoop.Rows, -1, _work.Rows)
        : ContractionSplit.Choose(Written, tile);

    /// <summary>An operand of the epilogue with the output's rows is read row by row.</summary>
    private RowAccess? ResidualRows(TensorView view) => _whole.EpilogueOperands.Any(o => ReferenceEquals(o.View, view))
        && view.Shape.Rank == 4
        && view.Shape[2] == _whole.Rows
        && _whole.EpilogueOperands.All(o => !ReferenceEquals(o.View, view) || o.Strides.Row == view.Layout.Strides[2])
            ? RowAccess.Same
            : null;

    public string Layer
    {
        get
        {
            string reduction = string.Join(" + ", _work.Reduction.Select(static part => string.Join("·", part.Loops.Select(static l => $"{l.Extent}@{l.Stride}"))));
            string form = $"{(_work.LaneInput ? " by lanes" : string.Empty)}{(_work.InputStarts is null ? string.Empty : " irregular")}";
            string epilogue = _work.Epilogue is { } program ? $", then {program.Instructions.Count} functions of {_work.EpilogueOperands.Count + 1}" : string.Empty;
            return $"[{string.Join("·", _work.BatchExtents)}] {_work.Groups}×{_work.Blocks}×{_work.LastLanes}{(_work.LastIsHalf ? " half" : string.Empty)} outputs, {_work.Rows}×{_work.Positions}@{_work.InputStrides.Position} positions, terms {reduction}{form}{epilogue}";
        }
    }

    public IReadOnlyList<string> Choices(Simd simd) => _work.At(simd).Filtering is not null ? new[] { _work.Tile(simd).ToString() } : _work.Tiles(simd).Select(static t => t.ToString()).ToArray();

    public void Use(TuningTable table)
    {
        Simd? simd = Simd.OfBits(table.VectorBits);
        if (simd is not null && table.ChoiceOf(Layer) is { } choice)
        {
            TileChoice tile = _work.Tiles(simd).FirstOrDefault(t => t.ToString() == choice);
            _tuned = tile == default ? null : (table.VectorBits, tile);
        }
    }

    private TileChoice Tile(Simd simd) => Goal == CodeGoal.Size ? Written.CompactTile(simd)
        : _byRows ? RowTile(simd)
        : _tuned is { } tuned && tuned.VectorBits == simd.Bits ? tuned.Tile : _work.Tile(simd);

    /// <summary>A tile for single rows whose sums take turns as in the whole: then each output has the same bits.</summary>
    private TileChoice RowTile(Simd simd)
    {
        TileChoice whole = new ContractionStep(Node!, Name, _what, _whole) { _tuned = _tuned }.Tile(simd);
        TileChoice tile = whole.Split > 1 ? whole : _work.Tile(simd);
        return tile with { Positions = System.Math.Min(tile.Positions, _work.Positions), Split = whole.Split };
    }
}
