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

        if (Operands(node.EpilogueOperands, node.Output.Shape, sums, context) is not { } operands)
        {
            return false;
        }

        context.Add(new DotProductStep(node, left, right, output.With(target), node.Epilogue, operands));
        return true;
    }

    /// <summary>
    /// The operands of a Gemm that is dot products: the rows of A and its one column, or its one row and the columns of a B known at run time,
    /// if their terms are neighbours. Null for others.
    /// </summary>
    /// <param name="left">[M, K].</param>
    /// <param name="b">[K, N], or [N, K] where it is transposed.</param>
    /// <param name="isTransposed">True for [N, K].</param>
    /// <param name="context">The schedule.</param>
    public static (TensorView Matrix, TensorView Vector)? Vectors(TensorView left, Value b, bool isTransposed, LoweringContext context)
    {
        TensorView right = context.ReadPlain(b);
        right = isTransposed ? right : right.With(right.Layout.Transpose(new[] { 1, 0 }));
        if (context.IsNarrow || left.Shape.IsDynamic || right.Shape.IsDynamic || left.Shape[1] < MinTerms)
        {
            return null;
        }

        (TensorView matrix, TensorView vector) = right.Shape[0] == 1 ? (left, right) : (right, left);
        bool applies = vector.Shape[0] == 1 && (right.Shape[0] == 1 || !b.IsConstant) && matrix.Shape[0] >= MinRows && matrix.Layout.Strides[1] == 1;
        return applies && vector.Layout.TryReshape(new Shape(vector.Shape[1])) is { } terms && terms.Strides[0] == 1
            ? (matrix, vector.With(terms.BroadcastTo(matrix.Shape)))
            : null;
    }

    /// <summary>Lowers a product of <see cref="Vectors"/>.</summary>
    /// <param name="node">The product.</param>
    /// <param name="vectors">Rows, and the vector that all of them meet.</param>
    /// <param name="output">A row or a column of sums.</param>
    /// <param name="epilogue">Applied to each sum, or null.</param>
    /// <param name="values">Its other operands, which broadcast to the output.</param>
    /// <param name="context">The schedule.</param>
    public static void Lower(Node node, (TensorView Matrix, TensorView Vector) vectors, TensorView output, ElementProgram? epilogue, IReadOnlyList<Value> values, LoweringContext context)
    {
        var sums = new Shape(vectors.Matrix.Shape[0]);
        IReadOnlyList<TensorView> operands = Operands(values, output.Shape, sums, context)!;
        context.Add(new DotProductStep(node, vectors.Matrix, vectors.Vector, output.With(output.Layout.TryReshape(sums)!), epilogue, operands));
    }

    /// <summary>The epilogue's operands in the shape of the sums; null if one cannot be read so.</summary>
    private static List<TensorView>? Operands(IReadOnlyList<Value> values, Shape output, Shape sums, LoweringContext context)
    {
        var operands = new List<TensorView>();
        foreach (Value value in values)
        {
            TensorView view = context.ReadPlain(value);
            if (view.Layout.BroadcastTo(output).TryReshape(sums) is not { } layout)
            {
                return null;
            }

            operands.Add(view.With(layout));
        }

        return operands;
    }

    /// <summary>A value with its terms innermost, broadcast; null if they are no neighbours.</summary>
    private static TensorView? View(Value value, Shape own, Shape rows, LoweringContext context)
    {
        TensorView view = context.ReadPlain(value);
        return view.Layout.TryReshape(own) is { } layout && layout.Strides[own.Rank - 1] == 1 ? view.With(layout.BroadcastTo(rows)) : null;
    }
}
