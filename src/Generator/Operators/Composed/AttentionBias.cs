using System.Collections.Generic;
using System.Linq;
using AotCompiler.Ir;

namespace AotCompiler.Operators.Composed;

/// <summary>Which keys a query of <see cref="Attention"/> may attend to, as numbers that are added to the scores: the mask, causality, windows, padding.</summary>
internal static class AttentionBias
{
    /// <summary>The bias, which broadcasts to [batch, heads, query length, key length]; null for none.</summary>
    public static Value? Of(Node node, Composer compose, Value q, Value k)
    {
        Value? lengths = node.Input(6);
        var parts = new List<Value>();
        if (node.Input(3) is { } mask)
        {
            parts.Add(Mask(compose, mask, q.Type, k));
        }

        long left = node.Attributes.Int("left_window_size", -1);
        long right = node.Attributes.Int("right_window_size", -1);
        right = node.Attributes.Flag("is_causal", false) ? (right < 0 ? 0 : System.Math.Min(right, 0)) : right;
        if (left >= 0 || right >= 0)
        {
            Value past = lengths is not null && node.Input(4) is null ? compose.Sub(Rows(compose, lengths), Length(compose, q, 2, lengths.Type))
                : node.Input(4) is { } pastKeys ? compose.Length(pastKeys, 2)
                : compose.Scalar(0, ElementType.Int64);
            parts.Add(Window(compose, q, k, past, left, right));
        }

        if (lengths is not null)
        {
            parts.Add(Allowed(compose, compose.Op("Less", compose.Positions(k, 2), compose.Cast(Rows(compose, lengths), ElementType.Int64)), q.Type));
        }

        return parts.Count == 0 ? null : parts.Aggregate(compose.Add);
    }

    /// <summary>False if each query may attend to the first key at least: causality alone forbids later ones.</summary>
    public static bool MayForbidAll(Node node, Value k) => node.Input(3) is not null || node.Input(6) is not null || node.Attributes.Int("left_window_size", -1) >= 0
        || (!node.Attributes.Flag("is_causal", false) && node.Attributes.Int("right_window_size", -1) >= 0) || k.Shape[2] == 0;

    /// <summary>The mask as numbers; a mask that is shorter than the keys forbids the others.</summary>
    private static Value Mask(Composer compose, Value mask, ElementType type, Value keys)
    {
        Extent columns = keys.Shape.Extent(2);
        Value bias = mask.Type == ElementType.Bool ? Allowed(compose, mask, type) : compose.Cast(mask, type);
        int rank = bias.Shape.Rank;
        if (rank == 0 || bias.Shape.Extent(rank - 1) == columns || (!columns.IsDynamic && !bias.Shape.IsDynamicAt(rank - 1) && bias.Shape[rank - 1] > columns.Maximum))
        {
            return bias;
        }

        Value missing = compose.Sub(compose.Length(keys, 2), compose.Length(bias, rank - 1));
        Value pads = compose.Concat(0, compose.Ints(new long[(2 * rank) - 1]), compose.Unsqueeze(missing, 0));
        return compose.Op("Pad", bias, pads, compose.Scalar(double.NegativeInfinity, type));
    }

    private static Value Allowed(Composer compose, Value allowed, ElementType type) =>
        compose.Where(allowed, compose.Scalar(0, type), compose.Scalar(double.NegativeInfinity, type));

    /// <summary>
    /// Query i, at the position past + i, sees the keys from <paramref name="left"/> before it to <paramref name="right"/> behind it; -1 is
    /// no bound. A constant where lengths and past are.
    /// </summary>
    private static Value Window(Composer compose, Value q, Value k, Value past, long left, long right)
    {
        Value at = compose.Add(compose.Unsqueeze(compose.Positions(q, 2), 1), compose.Cast(past, ElementType.Int64));
        Value distance = compose.Sub(at, compose.Positions(k, 2));
        Value? seen = left < 0 ? null : compose.Op("LessOrEqual", distance, compose.Scalar(left, ElementType.Int64));
        Value? ahead = right < 0 ? null : compose.Op("GreaterOrEqual", distance, compose.Scalar(-right, ElementType.Int64));
        return Allowed(compose, seen is null ? ahead! : ahead is null ? seen : compose.Op("And", seen, ahead), q.Type);
    }

    /// <summary>One number per element of the batch, for broadcasting with scores.</summary>
    private static Value Rows(Composer compose, Value lengths) => compose.Split(lengths, -1, 1, 1, 1);

    private static Value Length(Composer compose, Value value, int axis, ElementType type) => compose.Cast(compose.Length(value, axis), type);
}
