using System.Collections.Generic;
using System.Linq;
using AotCompiler.Ir;
using AotCompiler.Operators;
using AotCompiler.Operators.Linear;

namespace AotCompiler.Optimization;

/// <summary>
/// Products of matrices whose batches are known only at run time in more than the first dimension become those of one batch: between the
/// matrices of one run there are gaps, which panels of weights must not have.
/// </summary>
internal sealed class MergedBatches : NodePass
{
    protected override bool Visit(Node node, GraphRewriter rewriter)
    {
        if (!node.Is("MatMul") || node.Epilogue is not null || node.Required(0).Shape.Rank < 2
            || MatrixShape.Of(node.Required(0).Shape, node.Required(1).Shape) is not { } shape || !HasGaps(shape.RightBatch))
        {
            return false;
        }

        Value left = Merged(node.Required(0), shape.LeftBatch, shape.Batch, $"{node.Name}.left", rewriter);
        Value right = Merged(node.Required(1), shape.RightBatch, shape.Batch, $"{node.Name}.right", rewriter);
        Value product = rewriter.InsertLike(node, new[] { left, right });
        rewriter.ReplaceNode(node, rewriter.Reshape(product, node.Output.Shape, node.Name));
        return true;
    }

    /// <summary>True if a dimension behind another one is known only at run time.</summary>
    private static bool HasGaps(Shape batch) => Enumerable.Range(1, batch.Rank).Any(i => i < batch.Rank && batch.IsDynamicAt(i) && batch.Extents.Take(i).Any(static e => e != 1));

    /// <summary>The matrices of all batches side by side; one matrix for all stays alone.</summary>
    private static Value Merged(Value value, Shape own, Shape batch, string name, GraphRewriter rewriter)
    {
        Extent[] matrix = value.Shape.Extents.Skip(value.Shape.Rank - 2).ToArray();
        if (own.Extents.All(static e => e == 1))
        {
            return rewriter.Reshape(value, new Shape(matrix), name);
        }

        var full = new Shape(batch.Extents.Concat(matrix));
        Value spread = value.Shape.Equals(full) ? value : rewriter.Insert("Expand", name, new[] { value, rewriter.ShapeValue(full, $"{name}.shape") });
        return rewriter.Reshape(spread, new Shape(matrix.Prepend(Extent.Of(batch.ElementSize))), name);
    }
}
