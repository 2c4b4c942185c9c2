using System.Collections.Generic;
using System.Linq;
using AotCompiler.Emission;
using AotCompiler.Ir;
using AotCompiler.Lowering;

namespace AotCompiler.Kernels;

/// <summary>How an operand moves with the output's loops, in elements.</summary>
/// <param name="Batch">One stride per batch loop.</param>
/// <param name="Group">From one group of output blocks to the next.</param>
/// <param name="Block">From one block of 16 output channels to the next.</param>
/// <param name="Row">From one output row to the next.</param>
/// <param name="Position">From one output position of a row to the next.</param>
internal sealed record OutputStrides(IReadOnlyList<long> Batch, long Group, long Block, long Row, long Position);

/// <summary>One loop of the sum, in elements of the input.</summary>
/// <param name="Extent">Terms, at most.</param>
/// <param name="Stride">Elements from one to the next.</param>
/// <param name="Size">Their number if it is known only at run time; else null.</param>
internal readonly record struct ReductionLoop(int Extent, long Stride, Size? Size = null);

/// <summary>A nest of loops of the sum; the weights advance by one row of 16 per innermost iteration.</summary>
/// <param name="Start">Offset of the first input element.</param>
/// <param name="Loops">Outermost first.</param>
internal sealed record ReductionPart(long Start, IReadOnlyList<ReductionLoop> Loops)
{
    /// <summary>Terms of the sum.</summary>
    public long Length => Loops.Aggregate(1L, static (product, loop) => product * loop.Extent);
}

/// <summary>
/// The terms of the sums of one block of outputs. In memory, behind the blocks' starts, lie the cells of all blocks, then their first
/// lanes and then their last cells' ends.
/// </summary>
/// <param name="Cells">Iterations of the outermost loop: cells of 16 channels, or channels.</param>
/// <param name="First">The first lane of the first cell; 0 for channels.</param>
/// <param name="End">Behind the last lane of the last cell; 16 for channels.</param>
/// <param name="Terms">All terms.</param>
internal readonly record struct TermRange(int Cells, int First, int End, long Terms);

/// <summary>Tiles of equal size along the blocks of outputs.</summary>
/// <param name="Start">The first block.</param>
/// <param name="End">Behind the last block.</param>
/// <param name="Blocks">Blocks of a tile.</param>
/// <param name="LastIsHalf">True if only the lower half of the last block is computed; there is one tile then.</param>
/// <param name="IsPartial">True if only some lanes of the block may be stored.</param>
internal readonly record struct BlockTiles(int Start, int End, int Blocks, bool LastIsHalf, bool IsPartial)
{
    /// <summary>Number of tiles.</summary>
    public int Count => (End - Start) / Blocks;

    /// <summary>Blocks of each tile, as far as they take time.</summary>
    public double Work => LastIsHalf ? Blocks - 0.5 : Blocks;
}

/// <summary>An operand of the fused epilogue: where it lies and how it moves; a lane stride of 0 is one value for all 16 channels.</summary>
internal sealed record EpilogueOperand(TensorView View, OutputStrides Strides, long LaneStride)
{
    /// <summary>
    /// Pairs (operand, output) of which the output may lie exactly over the operand, such as a residual: each element is read
    /// just before the one at its place is written.
    /// </summary>
    public static IEnumerable<(TensorView Read, TensorView Write)> InPlace(
        IReadOnlyList<EpilogueOperand> operands,
        TensorView input,
        TensorView output,
        OutputStrides strides) => operands
        .Where(o => o.View.Storage.Bytes == output.Storage.Bytes
            && o.View.Layout.Offset == output.Layout.Offset
            && o.LaneStride == 1
            && o.Strides.Batch.SequenceEqual(strides.Batch)
            && o.Strides with { Batch = strides.Batch } == strides
            && !ReferenceEquals(o.View.Storage, input.Storage))
        .Select(o => (o.View, output));
}

/// <summary>
/// Sums of products y[batch, group, block, row, position, lane] = b + Σ x[…] · w[…], the form convolutions and matrix
/// products share. Sixteen output channels (lanes) are computed at once; weights are packed in panels of 16 in the
/// order they are read.
/// </summary>
internal sealed record Contraction
{
    // Functions and operands of an epilogue that may stand behind every register of a tile: 28 registers in four kinds of tiles have room for so many.
    private const int MostLocals = 7;

    /// <summary>The type of inputs, weights and sums: f32, in which codes and numbers of other types end too, f64, or an integer of 4 or 8 bytes.</summary>
    public ElementType Type { get; init; } = ElementType.Float32;

    public required IReadOnlyList<Extent> BatchExtents { get; init; }

    /// <summary>Groups with inputs of their own.</summary>
    public int Groups { get; init; } = 1;

    /// <summary>Blocks of 16 output channels in a group.</summary>
    public required int Blocks { get; init; }

    public required int Rows { get; init; }

    public required int Positions { get; init; }

    /// <summary>The input rows that an output row reads, if the rows are those of a convolution's output [N, C, H, W]; else null.</summary>
    public RowAccess? RowWindow { get; init; }

    /// <summary>Number of rows if it is known only at run time.</summary>
    public Size? RowSize { get; init; }

    /// <summary>Number of positions if it is known only at run time.</summary>
    public Size? PositionSize { get; init; }

    /// <summary>The local that holds the number of positions, where a caller of the loops computes it itself; else null.</summary>
    public string? PositionVariable { get; init; }

    /// <summary>Number of output channels if it is known only at run time; there is one group then.</summary>
    public Size? ColumnSize { get; init; }

    /// <summary>Real lanes of the last block if the output must not be written beyond them; 16 if its lanes are padded.</summary>
    public int LastLanes { get; init; } = Layout.BlockSize;

    /// <summary>True if at most 8 lanes of the last block are real, and only those are computed; the others are stored as zeros, if at all.</summary>
    public bool LastIsHalf { get; init; }

    public required IReadOnlyList<ReductionPart> Reduction { get; init; }

    public required TensorView Input { get; init; }

    public required OutputStrides InputStrides { get; init; }

    /// <summary>
    /// True if each lane has its own input channel (depthwise): the input is read as vectors of 16 channels. False if one input
    /// element meets all 16 output channels.
    /// </summary>
    public bool LaneInput { get; init; }

    /// <summary>
    /// True if the outermost loop of the sum, over the rows of a window, finds the input's rows by a table <c>taps</c> of offsets
    /// instead of a stride: they lie in a ring.
    /// </summary>
    public bool HasTapTable { get; init; }

    /// <summary>
    /// How a depthwise convolution of stride 1 is computed with fewer products, at the widths where a <see cref="RowFilter"/> applies; at
    /// others by the direct sum. Null for the direct sum at every width.
    /// </summary>
    public RowFiltering? Filtering { get; init; }

    /// <summary>
    /// Where groups of rows are methods of their own, the start of their names; else null. Rows that are filtered need them: beyond some 500
    /// locals in one method .NET 9's compiler no longer expands loads and stores of 512 bits, .NET 10's none of its vector calls.
    /// </summary>
    public string? GroupPart { get; init; }

    /// <summary>The local that holds the number of rows, at most <see cref="Rows"/>, where a caller of the loops computes it itself; else null.</summary>
    public string? RowVariable { get; init; }

    /// <summary>
    /// How products of codes are summed in integers: the input is bytes and the weights are signed bytes; where there are vectors, a term of the
    /// reduction is four codes, with four weights for each lane. Null for sums in f32.
    /// </summary>
    public CodeForm? Codes { get; init; }

    /// <summary>What has to be added to each of the weights of a product of codes, so that they are the numbers they stand for.</summary>
    public int WeightOffset { get; init; }

    /// <summary>How the weights are packed, if they are: a term of the reduction is a word of codes then. Null for weights that are numbers.</summary>
    public PackedWeights? Packed { get; init; }

    /// <summary>Weights of one term and block of outputs: 16, or as many as the only block has outputs.</summary>
    public int PanelWidth { get; init; } = Layout.BlockSize;

    /// <summary>
    /// Elements from one term's weights to the next where a single matrix of weights is read where it lies, its blocks beside each other; 0 for
    /// panels. Its last block ends with the last column: one that would be partial begins earlier and repeats some outputs.
    /// </summary>
    public int WeightStride { get; init; }

    /// <summary>Weights of one term and block of outputs, each with those of its neighbouring terms if they are codes.</summary>
    public int RowLength => WeightStride > 0 ? WeightStride : HasQuads ? CodePanels.RowLength : Codes is CodeForm.Pairs ? WinogradCodes.RowLength : PanelWidth;

    /// <summary>Products of one output in a term.</summary>
    public int ProductsPerTerm => HasQuads ? CodePanels.Quad : Codes is CodeForm.Pairs ? 2 : Packed?.CodesPerWord ?? 1;

    /// <summary>True if a term is four products of codes.</summary>
    public bool HasQuads => Codes is CodeForm.Words or CodeForm.Bytes;

    /// <summary>
    /// Number of outputs, if they are so few that a vector holds 16 input channels of one output instead of 16 outputs: there is one
    /// block then, and the innermost loop of the sum goes over the 16 channels of a cell. 0 for the usual way.
    /// </summary>
    public int FewOutputs { get; init; }

    /// <summary>Panels [group, block, reduction, 16], of codes [group, block, reduction, 16 · 4], of <see cref="FewOutputs"/> [cell and tap, output, 16].</summary>
    public required TensorView Weights { get; init; }

    /// <summary>Bytes of weights of which these are a part, if others that are needed next lie behind them; 0 if nothing is known of them.</summary>
    public long FollowingBytes { get; init; }

    /// <summary>One stride per batch loop; zeros for constant weights.</summary>
    public required IReadOnlyList<long> WeightBatchStrides { get; init; }

    /// <summary>One value per output channel, padded to whole blocks, of codes as i32; null for none.</summary>
    public TensorView? Bias { get; init; }

    /// <summary>First input element of each block as i32, where blocks do not start regularly; null otherwise.</summary>
    public TensorView? InputStarts { get; init; }

    /// <summary>
    /// The terms of each block's sums, where they differ: the reduction has one part then, whose loops are as long as the longest sum
    /// needs, as are the panels. Null if all blocks are alike.
    /// </summary>
    public IReadOnlyList<TermRange>? TermRanges { get; init; }

    /// <summary>
    /// True if a table says where each term of the input lies: in <see cref="InputStarts"/> lie the numbers of terms of all blocks, then
    /// for each block the offsets of its terms, as many as the longest sum has.
    /// </summary>
    public bool HasTermTable { get; init; }

    /// <summary>True if some sums begin or end within a cell of 16 channels.</summary>
    public bool HasPartialCells => !HasTermTable && TermRanges is { } ranges && ranges.Any(static r => r.First != 0 || r.End != Layout.BlockSize);

    public required TensorView Output { get; init; }

    public required OutputStrides OutputStrides { get; init; }

    /// <summary>Element-wise work on each sum before it is stored; operand 0 is the sum.</summary>
    public ElementProgram? Epilogue { get; init; }

    /// <summary>Operands 1, 2, … of the epilogue.</summary>
    public IReadOnlyList<EpilogueOperand> EpilogueOperands { get; init; } = System.Array.Empty<EpilogueOperand>();

    /// <summary>
    /// A row whose cells at the same positions join what is stored: the largest of two neighbouring positions and the two above them. A
    /// position's stride in the output is half that of a pair then, and tiles have an even number of positions. Null for the usual way.
    /// </summary>
    public EpilogueOperand? Above { get; init; }

    /// <summary>
    /// True if of a <see cref="Filtering"/> the maxima of 2×2 windows over its outputs are stored: rows and positions come in pairs, and
    /// their strides in the output are half those of the pairs.
    /// </summary>
    public bool StoresWindows { get; init; }

    /// <summary>
    /// Memory for the sums of a tile on their way to the output: of its last block if not all lanes are real, of all blocks if the
    /// epilogue is <see cref="IsStaged"/>. Null if there is neither.
    /// </summary>
    public TensorView? Scratch { get; init; }

    /// <summary>
    /// True if the sums of a tile go through <see cref="Scratch"/> to the epilogue: its functions cost more than that, and written
    /// once in a loop they neither spill the tile's registers nor multiply the code.
    /// </summary>
    /// <remarks>Scratch memory of one dimension has room for all sums of a tile; [positions, 16] for those of the last block.</remarks>
    public bool IsStaged => Scratch is not null && Epilogue is { } epilogue && (!epilogue.IsCheap || (Scratch.Shape.Rank == 1 && IsCostly(epilogue, Output.Zero is not null)));

    /// <summary>
    /// True for epilogues whose code is too long to stand behind every register: the JIT does not inline as many calls in one method, and
    /// a tile with calls that stay calls is several times slower. Rounding to codes is a call, but for the last one, where bytes are stored.
    /// A function and an operand are a local each, for every register: beyond some 1,000 locals the JIT keeps none of a method in registers.
    /// </summary>
    /// <param name="epilogue">The epilogue.</param>
    /// <param name="bytes">True if its result is stored as bytes.</param>
    public static bool IsCostly(ElementProgram epilogue, bool bytes) => !epilogue.IsCheap
        || epilogue.Instructions.Count + epilogue.OperandCount - 1 > MostLocals
        || epilogue.Instructions.Count(static i => i.Function.Rounding is not null) > (bytes ? 2 : 1);

    /// <summary>True if so many outputs leave half of their last block free, and are computed in f32 throughout.</summary>
    public static bool LeavesHalf(int outputs, TensorView input, TensorView output) =>
        outputs % Layout.BlockSize is > 0 and <= Layout.BlockSize / 2 && input.Zero is null && output.Zero is null && output.Type == ElementType.Float32;

    /// <summary>Terms of one sum.</summary>
    public long ReductionLength => Reduction.Sum(static p => p.Length);

    /// <summary>The reduction with as few loops as possible: those that walk the input like one are one. Loops that tables or windows know stay as they are.</summary>
    public IReadOnlyList<ReductionPart> JoinedReduction => LaneInput || HasTapTable || TermRanges is not null
        ? Reduction
        : Reduction.Select(static part => part with
        {
            Loops = Layout.Merge(part.Loops.Select(static l => new IterationDimension(l.Extent, l.Stride, l.Size)))
                .Select(static d => new ReductionLoop(d.Extent, d.Stride, d.Size))
                .ToArray(),
        }).ToArray();

    /// <summary>Terms of the sums of one position of a group, one per block of outputs.</summary>
    public long TermsOfBlocks => TermRanges?.Sum(static r => r.Terms) ?? Blocks * ReductionLength;

    /// <summary>Elements of one panel.</summary>
    public long PanelLength => WeightStride > 0 ? Layout.BlockSize : IsFiltered ? (long)Reduction[0].Loops[0].Extent * Filtering!.Filter.Products.Count * RowLength : (ReductionLength * RowLength) + PanelHeader;

    /// <summary>True if the weights are those of <see cref="Filtering"/>.</summary>
    private bool IsFiltered => Filtering is { } filtering && ReferenceEquals(filtering.Weights, Weights);

    /// <summary>The work as it is done at a vector width: with the weights of <see cref="Filtering"/> or without it.</summary>
    public Contraction At(Simd simd) => Filtering is null ? this
        : RowFilter.Applies(simd) ? this with { Weights = Filtering.Weights }
        : this with { Filtering = null };

    /// <summary>The work of one element of the batch, for methods that are given pointers into it.</summary>
    public Contraction WithoutBatch()
    {
        OutputStrides Drop(OutputStrides strides) => strides with { Batch = System.Array.Empty<long>() };
        return this with
        {
            BatchExtents = System.Array.Empty<Extent>(),
            WeightBatchStrides = System.Array.Empty<long>(),
            InputStrides = Drop(InputStrides),
            OutputStrides = Drop(OutputStrides),
            EpilogueOperands = EpilogueOperands.Select(o => o with { Strides = Drop(o.Strides) }).ToArray(),
        };
    }

    /// <summary>The weights of all vector widths.</summary>
    public IEnumerable<TensorView> AllWeights => Filtering is null || IsFiltered ? new[] { Weights } : new[] { Weights, Filtering.Weights };

    /// <summary>Elements of a panel before its weights.</summary>
    public int PanelHeader => Packed?.HeaderLength ?? 0;

    /// <summary>What is computed as a formula, for comments: <c>max(0, W·x + b)</c>.</summary>
    public static string Formula(bool hasBias, ElementProgram? epilogue, IReadOnlyList<EpilogueOperand> operands)
    {
        string sum = hasBias ? "W·x + b" : "W·x";
        return epilogue?.Formula(new[] { sum }.Concat(operands.Select(static (_, i) => $"r{i + 1}")).ToArray()) ?? sum;
    }

    /// <summary>The register tile for a vector width.</summary>
    public TileChoice Tile(Simd simd) => FewOutputs > 0 ? LaneSums.Tile(simd, FewOutputs, Positions)
        : simd.IsScalar ? ScalarTile.Choose(TileWork)
        : TileChoice.Choose(simd.Of(Type), TileWork);

    /// <summary>The register tiles that are possible for a vector width, by estimated time.</summary>
    public IReadOnlyList<TileChoice> Tiles(Simd simd) => FewOutputs > 0 ? new[] { Tile(simd) } : TileChoice.Ranked(simd.Of(Type), TileWork);

    /// <summary>The register tile for a vector width that makes the least code.</summary>
    public TileChoice CompactTile(Simd simd) => FewOutputs > 0 ? Tile(simd)
        : simd.IsScalar ? ScalarTile.Compact(TileWork, MayRepeat)
        : TileChoice.Compact(simd.Of(Type), TileWork, MayRepeat);

    /// <summary>True if the last block repeats outputs of the one before.</summary>
    public bool RepeatsOutputs => WeightStride > 0 && LastLanes != Layout.BlockSize;

    /// <summary>Pairs of operand and output that may be the same memory.</summary>
    public IEnumerable<(TensorView Read, TensorView Write)> InPlace => RepeatsOutputs ? System.Array.Empty<(TensorView, TensorView)>() : EpilogueOperand.InPlace(EpilogueOperands, Input, Output, OutputStrides);

    /// <summary>True if outputs may be computed twice, because nothing that they are computed from can lie under them.</summary>
    public bool MayRepeat => !InPlace.Any();

    private TileWork TileWork
    {
        get
        {
            int whole = LastLanes == Layout.BlockSize ? Blocks : Blocks - 1;
            int terms = Reduction.Select(static part => part.Loops.Count == 0 ? 1 : part.Loops[part.Loops.Count - 1].Extent).DefaultIfEmpty(1).Min();
            return new TileWork(Rows, Positions, whole == 0 ? 1 : whole, InputStarts is not null || whole == 0, LaneInput, terms, ReductionLength)
            {
                Codes = Codes,
                IsInteger = Type.IsInteger(),
                IsOneStream = WeightStride > 0 && Epilogue is null or { IsCheap: true },
                IsPacked = Packed is not null,
                Lanes = whole == 0 && ColumnSize is null ? LastLanes : Layout.BlockSize,
                LastIsHalf = LastIsHalf && (whole == 0 || whole == Blocks),
            };
        }
    }

    /// <summary>Multiply-adds, those of lanes that are no outputs included where a vector holds outputs.</summary>
    public long MultiplyAdds => BatchExtents.Aggregate(1L, static (product, e) => product * e.Maximum)
        * Groups
        * Rows
        * Positions
        * (FewOutputs > 0 ? FewOutputs * ReductionLength : (TermsOfBlocks * Layout.BlockSize) - ((Layout.BlockSize - LanesOfLast) * TermsOfLast))
        * ProductsPerTerm;

    private int LanesOfLast => LastIsHalf ? System.Math.Min(LastLanes, Layout.BlockSize / 2) : LastLanes;

    private long TermsOfLast => TermRanges is { } ranges ? ranges[ranges.Count - 1].Terms : ReductionLength;

    /// <summary>The tiles of blocks in the order in which they are computed: whole ones, what is left of whole blocks and a half one, and a block with lanes that are not real.</summary>
    /// <param name="size">Blocks of a tile.</param>
    public IEnumerable<BlockTiles> TilesOfBlocks(int size)
    {
        bool isPartial = LastLanes != Layout.BlockSize;
        int end = isPartial ? Blocks - 1 : Blocks;
        int whole = LastIsHalf ? Blocks - 1 : end;
        int tiled = whole / size * size;
        if (tiled > 0)
        {
            yield return new BlockTiles(0, tiled, size, LastIsHalf: false, IsPartial: false);
        }

        if (end > tiled)
        {
            yield return new BlockTiles(tiled, end, end - tiled, LastIsHalf && !isPartial, IsPartial: false);
        }

        if (isPartial)
        {
            yield return new BlockTiles(Blocks - 1, Blocks, 1, LastIsHalf, IsPartial: true);
        }
    }

    /// <summary>Rows and positions as one loop, if every operand walks them as one or rows have one position.</summary>
    public Contraction Flatten()
    {
        if (Filtering is not null)
        {
            return this;
        }

        if (Positions == 1 && PositionSize is null && Rows > 1)
        {
            // A row of one position: where the next one would be does not matter.
            static OutputStrides Turn(OutputStrides s) => s with { Position = s.Row };
            return this with
            {
                Rows = 1,
                RowSize = null,
                Positions = Rows,
                PositionSize = RowSize,
                InputStrides = Turn(InputStrides),
                OutputStrides = Turn(OutputStrides),
                EpilogueOperands = EpilogueOperands.Select(static o => o with { Strides = Turn(o.Strides) }).ToArray(),
            };
        }

        IEnumerable<OutputStrides> all = EpilogueOperands.Select(static o => o.Strides).Append(InputStrides).Append(OutputStrides);
        if (Rows == 1 || PositionSize is not null || all.Any(s => s.Row != s.Position * Positions))
        {
            return this;
        }

        Extent positions = new Extent(Rows, RowSize) * Positions;
        return this with { Rows = 1, RowSize = null, Positions = positions.Maximum, PositionSize = positions.Size };
    }
}
