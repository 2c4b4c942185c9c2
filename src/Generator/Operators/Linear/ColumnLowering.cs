using System.Collections.Generic;
using System.Linq;
using AotCompiler.Ir;
using AotCompiler.Kernels;
using AotCompiler.Lowering;

namespace AotCompiler.Operators.Linear;

/// <summary>Products with a single column as dot products, where rows and the column lie so that vectors read their terms.</summary>
internal static class ColumnLowering
{
    /// <summary>Fewer terms are summed as fast in one lane of 16.</summary>
    private const int MinTerms = 32;

    /// <summary>Fewer rows leave the sums waiting for one another.</summary>
    private const int MinRows = 4;

    /// <summary>Lowers a product of f32; false, and nothing is done, if it is better a contraction.</summary>
    /// <param name="node">The product.</param>
    /// <param name="shape">Its dimensions.</param>
    /// <param name="output">[batch…, M, 1].</param>
    /// <param name="context">The schedule.</param>
    public static bool TryLower(Node node, MatrixShape shape, TensorView output, LoweringContext context)
    {
        if (shape.N != 1 || shape.Columns.IsDynamic || shape.Terms.IsDynamic || shape.K < MinTerms || shape.M < MinRows || context.IsNarrow || output.Zero is not null)
        {
            return false;
        }

        // A column of K rows is a row of K columns.
        Shape rows = shape.FullOutput.With(shape.Batch.Rank + 1, shape.Terms);
        TensorView? left = View(node.Required(0), shape.FullLeft, rows, context);
        TensorView? right = View(node.Required(1), new Shape(shape.RightBatch.Extents.Concat(new Extent[] { 1, shape.Terms })), rows, context);
        var sums = new Shape(shape.Batch.Extents.Append(shape.Rows));
        if (left is null || right is null || output.Layout.TryReshape(sums) is not { } target)
        {
            return false;
        }

        var operands = new List<TensorView>();
        foreach (Value value in node.EpilogueOperands)
        {
            TensorView view = context.ReadPlain(value);
            if (view.Layout.BroadcastTo(node.Output.Shape).TryReshape(sums) is not { } layout)
            {
                return false;
            }

            operands.Add(view.With(layout));
        }

        context.Add(new DotProductStep(node, left, right, output.With(target), node.Epilogue, operands));
        return true;
    }

    /// <summary>A value with its terms innermost, broadcast; null if they are no neighbours.</summary>
    private static TensorView? View(Value value, Shape own, Shape rows, LoweringContext context)
    {
        TensorView view = context.ReadPlain(value);
        return view.Layout.TryReshape(own) is { } layout && layout.Strides[own.Rank - 1] == 1 ? view.With(layout.BroadcastTo(rows)) : null;
    }
}
