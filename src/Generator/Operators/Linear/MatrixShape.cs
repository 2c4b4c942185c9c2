using System.Collections.Generic;
using System.Linq;
using AotCompiler.Ir;

namespace AotCompiler.Operators.Linear;

/// <summary>The dimensions of a matrix product under numpy's rules.</summary>
/// <param name="LeftBatch">Batch dimensions of the left operand.</param>
/// <param name="RightBatch">Batch dimensions of the right operand.</param>
/// <param name="Batch">The broadcast batch dimensions.</param>
/// <param name="M">Rows.</param>
/// <param name="K">Terms of a sum.</param>
/// <param name="N">Columns.</param>
/// <param name="Output">The result's dimensions: batch, then M and N as far as the operands are not vectors.</param>
internal sealed record MatrixShape(Shape LeftBatch, Shape RightBatch, Shape Batch, int M, int K, int N, IReadOnlyList<int> Output)
{
    /// <summary>Rows, with their expression.</summary>
    public Extent Rows { get; private init; }

    /// <summary>Terms of a sum, with their expression.</summary>
    public Extent Terms { get; private init; }

    /// <summary>Columns, with their expression.</summary>
    public Extent Columns { get; private init; }

    /// <summary>The product of two shapes, or null if they do not fit.</summary>
    public static MatrixShape? Of(Shape left, Shape right)
    {
        if (left.Rank == 0 || right.Rank == 0)
        {
            return null;
        }

        Extent m = left.Rank == 1 ? 1 : left.Extent(left.Rank - 2);
        Extent k = left.Extent(left.Rank - 1);
        Extent n = right.Rank == 1 ? 1 : right.Extent(right.Rank - 1);
        Extent rightK = right.Rank == 1 ? right.Extent(0) : right.Extent(right.Rank - 2);
        var leftBatch = new Shape(left.Extents.Take(left.Rank - 2));
        var rightBatch = new Shape(right.Extents.Take(right.Rank - 2));
        if (k != rightK || Shape.Broadcast(leftBatch, rightBatch) is not { } batch)
        {
            return null;
        }

        var output = new List<int>(batch.Dimensions);
        if (left.Rank > 1)
        {
            output.Add(m.Maximum);
        }

        if (right.Rank > 1)
        {
            output.Add(n.Maximum);
        }

        return new MatrixShape(leftBatch, rightBatch, batch, m.Maximum, k.Maximum, n.Maximum, output) { Rows = m, Terms = k, Columns = n };
    }

    /// <summary>The result with batch, M and N, vectors promoted.</summary>
    public Shape FullOutput => new(Batch.Extents.Concat(new[] { Rows, Columns }));

    /// <summary>The left operand with all batch dimensions, M and K.</summary>
    public Shape FullLeft => new(LeftBatch.Extents.Concat(new[] { Rows, Terms }));

    /// <summary>The right operand with all batch dimensions, K and N.</summary>
    public Shape FullRight => new(RightBatch.Extents.Concat(new[] { Terms, Columns }));
}
