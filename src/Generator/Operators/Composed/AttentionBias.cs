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
        (int rows, int columns) = (q.Shape[2], k.Shape[2]);
        Value? lengths = node.Input(6);
        int past = node.Input(4)?.Shape[2] ?? 0;
        var parts = new List<Value>();
        if (node.Input(3) is { } mask)
        {
            parts.Add(Mask(compose, mask, q.Type, columns));
        }

        long left = node.Attributes.Int("left_window_size", -1);
        long right = node.Attributes.Int("right_window_size", -1);
        right = node.Attributes.Flag("is_causal", false) ? (right < 0 ? 0 : System.Math.Min(right, 0)) : right;
        if (left >= 0 || right >= 0)
        {
            parts.Add(lengths is not null && node.Input(4) is null
                ? MovingWindow(compose, q.Type, rows, columns, lengths, left, right)
                : Window(compose, q.Type, rows, columns, past, left, right));
        }

        if (lengths is not null)
        {
            Value column = compose.Ints(Enumerable.Range(0, columns).Select(static j => (long)j).ToArray());
            parts.Add(Allowed(compose, compose.Op("Less", column, compose.Reshape(lengths, lengths.Shape.ElementCount, 1, 1, 1)), q.Type));
        }

        return parts.Count == 0 ? null : parts.Aggregate(compose.Add);
    }

    /// <summary>The mask as numbers; a mask that is shorter than the keys forbids the others.</summary>
    private static Value Mask(Composer compose, Value mask, ElementType type, int columns)
    {
        Value bias = mask.Type == ElementType.Bool ? Allowed(compose, mask, type) : compose.Cast(mask, type);
        int rank = bias.Shape.Rank;
        int missing = rank == 0 ? 0 : columns - bias.Shape[rank - 1];
        if (missing <= 0)
        {
            return bias;
        }

        var pads = new long[2 * rank];
        pads[pads.Length - 1] = missing;
        return compose.Op("Pad", bias, compose.Ints(pads), compose.Scalar(double.NegativeInfinity, type));
    }

    private static Value Allowed(Composer compose, Value allowed, ElementType type) =>
        compose.Where(allowed, compose.Scalar(0, type), compose.Scalar(double.NegativeInfinity, type));

    /// <summary>A constant: query i, at the position past + i, sees the keys from <paramref name="left"/> before it to <paramref name="right"/> behind it; -1 is no bound.</summary>
    private static Value Window(Composer compose, ElementType type, int rows, int columns, int past, long left, long right)
    {
        var values = new double[rows * columns];
        for (int i = 0; i < rows; i++)
        {
            for (int j = 0; j < columns; j++)
            {
                long distance = past + i - (long)j;
                bool seen = (left < 0 || distance <= left) && (right < 0 || -distance <= right);
                values[(i * columns) + j] = seen ? 0 : double.NegativeInfinity;
            }
        }

        return compose.Numbers(type, new Shape(rows, columns), values);
    }

    /// <summary>The same where the queries are the last ones of sequences whose lengths are inputs.</summary>
    private static Value MovingWindow(Composer compose, ElementType type, int rows, int columns, Value lengths, long left, long right)
    {
        var shape = new Shape(1, 1, rows, columns);
        var offsets = new double[rows * columns];
        for (int i = 0; i < offsets.Length; i++)
        {
            offsets[i] = (i / columns) - (i % columns) - rows;
        }

        Value distance = compose.Add(compose.Numbers(lengths.Type, shape, offsets), compose.Reshape(lengths, lengths.Shape.ElementCount, 1, 1, 1));
        Value? seen = left < 0 ? null : compose.Op("LessOrEqual", distance, compose.Scalar(left, lengths.Type));
        Value? ahead = right < 0 ? null : compose.Op("GreaterOrEqual", distance, compose.Scalar(-right, lengths.Type));
        return Allowed(compose, seen is null ? ahead! : ahead is null ? seen : compose.Op("And", seen, ahead), type);
    }
}
