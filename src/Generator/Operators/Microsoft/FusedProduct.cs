using System.Linq;
using AotCompiler.Ir;

namespace AotCompiler.Operators.Microsoft;

/// <summary>Products whose operands are transposed first.</summary>
internal static class FusedProduct
{
    /// <summary>alpha · A' · B', as the attributes <c>transA</c>, <c>transBatchA</c>, their kin for B, and <c>alpha</c> say.</summary>
    public static Value Of(Composer compose)
    {
        Value product = compose.MatMul(Operand(compose, 0, "A"), Operand(compose, 1, "B"));
        float alpha = compose.Node.Attributes.Float("alpha", 1);
        return alpha == 1 ? product : compose.Mul(product, compose.Scalar(alpha, product.Type));
    }

    /// <summary>
    /// transBatch moves the first dimension behind the batch dimensions, [M, batch…, K] to [batch…, M, K]; trans then swaps the last two.
    /// Neither does anything to a vector.
    /// </summary>
    private static Value Operand(Composer compose, int index, string name)
    {
        Value value = compose.Node.Required(index);
        int rank = value.Shape.Rank;
        if (rank < 2)
        {
            return value;
        }

        int[] order = Enumerable.Range(0, rank).ToArray();
        if (compose.Node.Attributes.Flag($"transBatch{name}", false))
        {
            order = Enumerable.Range(1, rank - 2).Append(0).Append(rank - 1).ToArray();
        }

        if (compose.Node.Attributes.Flag($"trans{name}", false))
        {
            (order[rank - 2], order[rank - 1]) = (order[rank - 1], order[rank - 2]);
        }

        return order.SequenceEqual(Enumerable.Range(0, rank)) ? value : compose.Transpose(value, order);
    }
}
