using System;
using System.Collections.Generic;
using System.Linq;
using AotCompiler.Ir;

namespace AotCompiler.Operators.Quantization;

/// <summary>[N, spatial…, C] and [N, C, spatial…].</summary>
internal static class ChannelOrder
{
    public static Value ToFirst(Value x, Composer compose) => Transpose(x, compose, Enumerable.Range(1, Math.Max(0, x.Shape.Rank - 2)).Prepend(x.Shape.Rank - 1).Prepend(0));

    public static Value ToLast(Value x, Composer compose) => Transpose(x, compose, Enumerable.Range(2, Math.Max(0, x.Shape.Rank - 2)).Prepend(0).Append(1));

    private static Value Transpose(Value x, Composer compose, IEnumerable<int> order) =>
        compose.Op("Transpose", new[] { x }, ("perm", order.Take(x.Shape.Rank).Select(static i => (long)i).ToArray()));
}
