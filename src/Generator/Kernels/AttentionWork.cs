using System;
using System.Collections.Generic;
using System.Linq;
using AotCompiler.Ir;
using AotCompiler.Lowering;

namespace AotCompiler.Kernels;

/// <summary>Attention of some heads: for each row of Q the softmax of its masked scores with all keys, times V.</summary>
internal sealed record AttentionWork
{
    /// <summary>Bytes of scores that are kept at once: beside the panels they are read with they stay in the caches next to the core.</summary>
    private const int ScoreBytes = 48 * 1024;

    // Divides by the rows of most register tiles.
    private const int RowMultiple = 12;

    /// <summary>Units of which one more or less is no matter to a thread.</summary>
    private const int ManyUnits = 8;

    /// <summary>Heads and batches: one loop each.</summary>
    public required IReadOnlyList<Extent> Batch { get; init; }

    /// <summary>Rows of Q.</summary>
    public required Extent Rows { get; init; }

    /// <summary>Columns of Q and of K.</summary>
    public required int Features { get; init; }

    /// <summary>Rows of K and of V.</summary>
    public required Extent Keys { get; init; }

    /// <summary>Columns of V.</summary>
    public required int Columns { get; init; }

    /// <summary>Q, [batch…, rows, features].</summary>
    public required TensorView Query { get; init; }

    /// <summary>K, 16 keys a panel.</summary>
    public required TensorView KeyPanels { get; init; }

    public required IReadOnlyList<long> KeyBatchStrides { get; init; }

    /// <summary>V, 16 columns a panel.</summary>
    public required TensorView ValuePanels { get; init; }

    public required IReadOnlyList<long> ValueBatchStrides { get; init; }

    /// <summary>[batch…, rows, keys], or null.</summary>
    public required TensorView? Mask { get; init; }

    /// <summary>What becomes of each product of a query and a key before the softmax, with the mask as operand 1; null for nothing.</summary>
    public required ElementProgram? Score { get; init; }

    /// <summary>Multiplies what the softmax is taken of; above 0, so that it may be left to the exponent.</summary>
    public required float Scale { get; init; }

    /// <summary>[batch…, rows, columns].</summary>
    public required TensorView Output { get; init; }

    /// <summary>Scratch for the scores of some rows.</summary>
    public required TensorView Scores { get; init; }

    /// <summary>Scratch: one factor per row.</summary>
    public required TensorView Factors { get; init; }

    /// <summary>Scratch for blocks of outputs that are not whole.</summary>
    public required TensorView Sums { get; init; }

    /// <summary>Shape of <see cref="Sums"/>.</summary>
    public static Shape SumScratch => new(TileChoice.MaxPositions, Layout.BlockSize);

    /// <summary>True if each run chooses some of the sizes.</summary>
    public bool IsDynamic => Batch.Append(Rows).Append(Keys).Any(static e => e.IsDynamic);

    /// <summary>Rows that are taken at once.</summary>
    public int BlockRows => Factors.Shape[0];

    /// <summary>Floats from one row of scores to the next: whole blocks.</summary>
    public int ScoreStride => Stride(Keys.Maximum);

    /// <summary>Scores of a row up to the end of its last block.</summary>
    public Extent PaddedKeys => Keys.Size is { } keys
        ? new Extent(ScoreStride, (keys + Size.Of(Layout.BlockSize - 1)).FloorDivide(Layout.BlockSize) * Size.Of(Layout.BlockSize))
        : ScoreStride;

    /// <summary>Multiply-adds of all heads, at the greatest sizes.</summary>
    public long MultiplyAdds => Batch.Aggregate(1L, static (p, e) => p * e.Maximum) * Rows.Maximum * Keys.Maximum * (Features + (long)Columns);

    /// <summary>Shape of <see cref="Scores"/>.</summary>
    public static Shape ScoreScratch(int blockRows, int keys) => new(blockRows, Stride(keys));

    /// <summary>
    /// Rows that are taken at once: as many as have room for their scores. Where that makes a few blocks, an odd number of them in all
    /// heads, one more in each head lets two threads have as many.
    /// </summary>
    /// <param name="rows">Rows of Q.</param>
    /// <param name="keys">Rows of K.</param>
    /// <param name="heads">Extents of the heads.</param>
    public static int RowBlock(Extent rows, Extent keys, IEnumerable<Extent> heads)
    {
        int fitting = ScoreBytes / sizeof(float) / Stride(keys.Maximum);
        int most = Math.Min(rows.Maximum, Math.Max(1, fitting / RowMultiple) * RowMultiple);
        int blocks = (rows.Maximum + most - 1) / most;
        long units = heads.Aggregate((long)blocks, static (p, e) => p * e.Maximum);
        int even = (rows.Maximum + blocks) / (blocks + 1);
        return !rows.IsDynamic && !heads.Any(static e => e.IsDynamic) && units % 2 == 1 && units < ManyUnits && even >= RowMultiple ? even : most;
    }

    /// <summary>The products of so many rows with all keys and what pads them; pointers x, w, y, s.</summary>
    /// <param name="rows">Rows, at most if a variable says how many.</param>
    /// <param name="variable">The local that does; null if the number is fixed.</param>
    public Contraction ScoreContraction(int rows, string? variable)
    {
        int rank = Query.Shape.Rank;
        int keys = Keys.Maximum;
        return new Contraction
        {
            BatchExtents = Array.Empty<Ir.Extent>(),
            WeightBatchStrides = Array.Empty<long>(),
            Blocks = Layout.BlockCount(keys),
            Rows = 1,
            Positions = rows,
            PositionVariable = variable,
            ColumnSize = PaddedKeys.Size,
            LastLanes = Layout.BlockSize,
            LastIsHalf = !Keys.IsDynamic && Contraction.LeavesHalf(keys, Query, Scores),
            Reduction = new[] { new ReductionPart(0, new[] { new ReductionLoop(Features, Query.Layout.Strides[rank - 1]) }) },
            Input = Query,
            InputStrides = Strides(0, Query.Layout.Strides[rank - 2]),
            Weights = KeyPanels,
            Output = Scores,
            OutputStrides = Strides(Layout.BlockSize, ScoreStride),
            Scratch = Sums,
        };
    }

    /// <summary>The outputs of so many rows from their exponentials; pointers x, w, y, r1 for the factors, s.</summary>
    /// <param name="rows">Rows, at most if a variable says how many.</param>
    /// <param name="variable">The local that does; null if the number is fixed.</param>
    public Contraction OutputContraction(int rows, string? variable)
    {
        int rank = Output.Shape.Rank;
        var multiply = new DelegateFunction("ScaleRow", 2, "{0} · {1}")
        {
            Real = static x => x[0] * x[1],
            Float = static (_, x) => $"{x[0]} * {x[1]}",
            Cheap = true,
        };
        return new Contraction
        {
            BatchExtents = Array.Empty<Ir.Extent>(),
            WeightBatchStrides = Array.Empty<long>(),
            Blocks = Layout.BlockCount(Columns),
            Rows = 1,
            Positions = rows,
            PositionVariable = variable,
            LastLanes = Lanes(Columns),
            LastIsHalf = Contraction.LeavesHalf(Columns, Scores, Output),
            Reduction = new[] { new ReductionPart(0, new[] { new ReductionLoop(Keys.Maximum, 1, Keys.Size) }) },
            Input = Scores,
            InputStrides = Strides(0, ScoreStride),
            Weights = ValuePanels,
            Output = Output,
            OutputStrides = Strides(Layout.BlockSize, Output.Layout.Strides[rank - 2]),
            Epilogue = ElementProgram.Single(multiply, new[] { ElementType.Float32, ElementType.Float32 }),
            EpilogueOperands = new[] { new EpilogueOperand(Factors, Strides(0, 1), 0) },
            Scratch = Sums,
        };
    }

    private static int Stride(int keys) => Layout.BlockCount(keys) * Layout.BlockSize;

    private static int Lanes(int count) => count % Layout.BlockSize == 0 ? Layout.BlockSize : count % Layout.BlockSize;

    private static OutputStrides Strides(long block, long position) => new(Array.Empty<long>(), 0, block, 0, position);
}
