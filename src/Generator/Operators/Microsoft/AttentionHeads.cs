using System;
using AotCompiler.Ir;

namespace AotCompiler.Operators.Microsoft;

/// <summary>Attention over heads in the form that the compiler fuses: products, a scale, one mask that is added, a softmax.</summary>
internal static class AttentionHeads
{
    /// <summary>[batch, length, heads · size] as [batch, heads, length, size].</summary>
    public static Value Apart(Composer compose, Value x, long heads)
    {
        compose.Check(x.Shape.Rank == 3 && heads > 0 && x.Shape[2] % heads == 0, $"{heads} heads do not divide {x.Shape}");
        return compose.Transpose(compose.Split(x, 0, 0, heads, x.Shape[2] / heads), 0, 2, 1, 3);
    }

    /// <summary>The attribute <c>scale</c>, or 1/√size if it is 0 or absent.</summary>
    public static double Scale(Composer compose, long size)
    {
        float given = compose.Node.Attributes.Float("scale", 0);
        return given == 0 ? 1 / Math.Sqrt(size) : given;
    }

    /// <summary>softmax(scale · q · kᵀ + bias) · v as [batch, length, heads · value size].</summary>
    /// <param name="compose">Writes the expression.</param>
    /// <param name="q">Queries, [batch, heads, length, size].</param>
    /// <param name="k">Keys, [batch, heads, key length, size].</param>
    /// <param name="v">Values, [batch, heads, key length, value size].</param>
    /// <param name="scale">Factor of the scores.</param>
    /// <param name="bias">Added to the scores, broadcasts to [batch, heads, length, key length]; null for none.</param>
    public static Value Attend(Composer compose, Value q, Value k, Value v, double scale, Value? bias)
    {
        compose.Check(
            q.Shape[1] == k.Shape[1] && k.Shape[1] == v.Shape[1] && k.Shape[2] == v.Shape[2] && q.Shape[3] == k.Shape[3],
            "the heads, lengths and sizes of queries, keys and values do not fit each other");
        Value scores = compose.Mul(compose.MatMul(q, compose.Transpose(k, 0, 1, 3, 2)), compose.Scalar(scale, q.Type));
        Value weights = compose.Op("Softmax", new[] { bias is null ? scores : compose.Add(scores, bias) }, ("axis", -1L));
        Value y = compose.Transpose(compose.MatMul(weights, v), 0, 2, 1, 3);
        return compose.Split(y, 0, 0, (long)v.Shape[1] * v.Shape[3]);
    }

    /// <summary>A past of keys or values, and the present ones behind.</summary>
    public static Value Joined(Composer compose, Value? past, Value present) => past is null ? present : compose.Concat(2, past, present);
}
