using System;
using AotCompiler.Diagnostics;
using AotCompiler.Ir;

namespace AotCompiler.Operators.Composed;

/// <summary>The two products of attention and the softmax between them.</summary>
internal static class AttentionProduct
{
    private const int MaxElementsRead = 1 << 22;

    /// <summary>The result as [batch, heads, query length, value size]; sets output 3, the scores, as the attribute <c>qk_matmul_output_mode</c> says.</summary>
    /// <param name="compose">Writes the expression.</param>
    /// <param name="q">Queries, [batch, heads, length, size].</param>
    /// <param name="k">Keys, [batch, key heads, key length, size].</param>
    /// <param name="v">Values, [batch, key heads, key length, value size]; they may be of another type than the queries, which the result has.</param>
    /// <param name="bias">Added to the scores; -∞ where a query must not attend. Null for none.</param>
    /// <param name="mayForbidAll">False if it is known that each query may attend to something.</param>
    /// <param name="cap">Bounds the scores.</param>
    public static Value Of(Composer compose, Value q, Value k, Value v, Value? bias, bool mayForbidAll, Func<Value, Value> cap)
    {
        AttributeMap attributes = compose.Node.Attributes;
        double scale = attributes.Has("scale") ? attributes.Float("scale", 1) : 1 / Math.Sqrt(q.Shape[3]);
        Value raw = Grouped(compose, compose.Mul(q, compose.Scalar(scale, q.Type)), compose.Transpose(k, 0, 1, 3, 2));
        Value capped = cap(raw);
        Value biased = bias is null ? capped : compose.Add(capped, bias);
        ElementType precision = Precision(compose, q.Type);
        Value probabilities = compose.Cast(compose.Op("Softmax", new[] { compose.Cast(biased, precision) }, ("axis", -1L)), q.Type);
        if (bias is not null && mayForbidAll)
        {
            probabilities = Guard(compose, probabilities, bias);
        }

        compose.Return(3, attributes.Int("qk_matmul_output_mode", 0) switch
        {
            0 => raw,
            1 => capped,
            2 => biased,
            3 => probabilities,
            { } mode => throw compose.Fail(DiagnosticCodes.GraphMalformed, $"qk_matmul_output_mode {mode} is none of 0 to 3"),
        });
        return Grouped(compose, probabilities, compose.Cast(v, q.Type));
    }

    /// <summary>Products of [B, H, M, K] with [B, G, K, N], where H / G heads share a matrix: they become rows of one product.</summary>
    public static Value Grouped(Composer compose, Value left, Value right)
    {
        (int heads, int groups) = (left.Shape[1], right.Shape[1]);
        if (heads == groups)
        {
            return compose.MatMul(left, right);
        }

        (Extent batch, Extent rows) = (left.Shape.Extent(0), left.Shape.Extent(2));
        Value joined = compose.Reshape(left, new Shape(new[] { batch, groups, rows * (heads / groups), left.Shape.Extent(3) }));
        return compose.Reshape(compose.MatMul(joined, right), new Shape(new[] { batch, heads, rows, right.Shape.Extent(3) }));
    }

    private static ElementType Precision(Composer compose, ElementType type)
    {
        var precision = (ElementType)(int)compose.Node.Attributes.Int("softmax_precision", (long)type);
        return precision.IsFloat() ? precision : throw compose.Fail(DiagnosticCodes.GraphMalformed, "softmax_precision is no floating-point type");
    }

    /// <summary>Zeros in the rows that may attend to nothing, whose softmax is not defined. No cost where a bias of bounded size shows that there are none.</summary>
    private static Value Guard(Composer compose, Value probabilities, Value bias)
    {
        Value highest = compose.Reduce("ReduceMax", bias, keep: true, -1);
        Value masked = compose.Op("Equal", highest, compose.Scalar(double.NegativeInfinity, bias.Type));
        bool never = bias.Shape.ElementCount <= MaxElementsRead && masked.Constant is { } constant && constant.Bytes.IndexOf((byte)1) < 0;
        return never ? probabilities : compose.Where(masked, compose.Scalar(0, probabilities.Type), probabilities);
    }
}
