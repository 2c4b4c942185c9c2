using System.Collections.Generic;
using System.Linq;
using AotCompiler.Ir;

namespace AotCompiler.Operators.Gradients;

/// <summary>Derivatives of products of matrices and of convolutions, which are such products themselves.</summary>
internal static class LinearGradients
{
    public static IReadOnlyList<Value?> MatMul(BackwardNode n)
    {
        // A vector is a matrix of one row on the left and of one column on the right.
        Value a = n.X.Shape.Rank == 1 ? n.Compose.Unsqueeze(n.X, 0) : n.X;
        Value b = n.W.Shape.Rank == 1 ? n.Compose.Unsqueeze(n.W, 1) : n.W;
        int[] batch = n.D.Shape.Dimensions.Take(System.Math.Max(a.Shape.Rank, b.Shape.Rank) - 2).ToArray();
        Value d = n.Reshape(n.D, new Shape(batch.Append(a.Shape[a.Shape.Rank - 2]).Append(b.Shape[b.Shape.Rank - 1])));
        Value byA = n.SumTo(n.Compose.MatMul(d, Transposed(n, b)), a.Shape);
        Value byB = n.SumTo(n.Compose.MatMul(Transposed(n, a), d), b.Shape);
        return n.To(n.Reshape(byA, n.X.Shape), n.Reshape(byB, n.W.Shape));
    }

    public static IReadOnlyList<Value?> Gemm(BackwardNode n)
    {
        bool transposeA = n.Node.Attributes.Flag("transA", false);
        bool transposeB = n.Node.Attributes.Flag("transB", false);
        Value d = n.Compose.Mul(n.D, n.Number(n.Node.Attributes.Float("alpha", 1)));
        Value a = transposeA ? Transposed(n, n.X) : n.X;
        Value b = transposeB ? Transposed(n, n.W) : n.W;
        Value byA = n.Compose.MatMul(d, Transposed(n, b));
        Value byB = n.Compose.MatMul(Transposed(n, a), d);
        Value? byC = n.Inputs.Count > 2 && n.Inputs[2] is { } c ? n.SumTo(n.Compose.Mul(n.D, n.Number(n.Node.Attributes.Float("beta", 1))), c.Shape) : null;
        return n.To(transposeA ? Transposed(n, byA) : byA, transposeB ? Transposed(n, byB) : byB, byC);
    }

    /// <summary>
    /// The derivative by the input is the transposed convolution with the same weights. That by the weights is a convolution of the input with
    /// the derivative, channels as batch, in which strides and dilations have changed places.
    /// </summary>
    public static IReadOnlyList<Value?> Conv(BackwardNode n)
    {
        int spatial = n.X.Shape.Rank - 2;
        long[] Of(string name, long fallback, int count) => n.Node.Attributes.Ints(name) ?? Enumerable.Repeat(fallback, count).ToArray();
        long[] strides = Of("strides", 1, spatial);
        long[] dilations = Of("dilations", 1, spatial);
        long[] pads = Of("pads", 0, 2 * spatial);
        if (n.Node.Attributes.Int("group", 1) != 1 || n.Node.Attributes.String("auto_pad", "NOTSET") != "NOTSET")
        {
            throw n.Fail("it has groups or automatic padding");
        }

        long[] rest = Enumerable.Range(0, spatial).Select(i =>
            n.X.Shape[i + 2] - (((n.D.Shape[i + 2] - 1) * strides[i]) + ((n.W.Shape[i + 2] - 1) * dilations[i]) + 1 - pads[i] - pads[i + spatial])).ToArray();
        Value byX = n.Compose.Op(
            "ConvTranspose", new[] { n.D, n.W }, ("strides", strides), ("dilations", dilations), ("pads", pads), ("output_padding", rest));
        int[] swapped = new[] { 1, 0 }.Concat(Enumerable.Range(2, spatial)).ToArray();
        Value byW = n.Compose.Op(
            "Conv",
            new[] { n.Compose.Transpose(n.X, swapped), n.Compose.Transpose(n.D, swapped) },
            ("strides", dilations),
            ("dilations", strides),
            ("pads", pads));
        for (int i = 0; i < spatial; i++)
        {
            byW = n.Compose.Slice(byW, i + 2, 0, n.W.Shape[i + 2]);
        }

        long[] others = new long[] { 0 }.Concat(Enumerable.Range(2, spatial).Select(static a => (long)a)).ToArray();
        Value? byBias = n.Inputs.Count > 2 && n.Inputs[2] is not null ? n.Compose.Reduce("ReduceSum", n.D, keep: false, others) : null;
        return n.To(byX, n.Compose.Transpose(byW, swapped), byBias);
    }

    private static Value Transposed(BackwardNode n, Value matrix)
    {
        int rank = matrix.Shape.Rank;
        return n.Compose.Transpose(matrix, Enumerable.Range(0, rank - 2).Append(rank - 1).Append(rank - 2).ToArray());
    }
}
