using AotCompiler.Diagnostics;
using AotCompiler.Ir;

namespace AotCompiler.Operators.Microsoft;

/// <summary>Which keys a query may attend to, as numbers that are added to the scores.</summary>
internal static class KeyMask
{
    /// <summary>The sum of what a mask, causality and a bias add; null for nothing.</summary>
    /// <param name="compose">Writes the expression; the attribute <c>mask_filter_value</c> is what a mask adds to a score that it forbids.</param>
    /// <param name="q">Queries, [batch, heads, length, size].</param>
    /// <param name="k">Keys with those of the past, [batch, heads, key length, size].</param>
    /// <param name="past">Keys of the past; null for none.</param>
    /// <param name="mask">The mask in one of the forms of <see cref="Allowed"/>; null for none.</param>
    /// <param name="bias">Numbers that broadcast to the scores; null for none.</param>
    public static Value? Of(Composer compose, Value q, Value k, Value? past, Value? mask, Value? bias)
    {
        Value? sum = mask is null ? null : compose.Where(
            Allowed(compose, mask, q, k, past),
            compose.Scalar(0, q.Type),
            compose.Scalar(compose.Node.Attributes.Float("mask_filter_value", -10000), q.Type));
        if (compose.Node.Attributes.Flag("unidirectional", false))
        {
            // The lowest number forbids for good, also where a mask forbids everything else.
            sum = compose.Where(Causal(compose, q, k, past), sum ?? compose.Scalar(0, q.Type), compose.Scalar(float.MinValue, q.Type));
        }

        return sum is null ? bias : bias is null ? sum : compose.Add(sum, bias);
    }

    /// <summary>True if a dimension of a mask may be known only at run time: it is read as a number where it tells two forms apart.</summary>
    /// <param name="query">The queries, batch first.</param>
    /// <param name="mask">The mask.</param>
    /// <param name="axis">The dimension of the mask.</param>
    public static bool HandlesRunTimeSize(Value query, Value mask, int axis) => mask.Shape.Rank switch
    {
        1 => mask.Shape.Extent(0) == query.Shape.Extent(0),
        2 or 3 => axis < mask.Shape.Rank,
        _ => false,
    };

    /// <summary>
    /// A condition that broadcasts to the scores, of a mask in one of these forms: [batch], the number of keys; [2 · batch], the ends and then
    /// the starts of the keys; [batch, keys] and [batch, queries, keys], positive where allowed; [batch, 1, most, most], the same for queries
    /// behind a past.
    /// </summary>
    private static Value Allowed(Composer compose, Value mask, Value q, Value k, Value? past)
    {
        (int batch, int keys) = (q.Shape[0], k.Shape[2]);
        Shape shape = mask.Shape;
        switch (shape.Rank)
        {
            case 1 when shape[0] == batch:
                return compose.Op("Less", Columns(compose, k, mask.Type), compose.Split(mask, -1, 1, 1, 1));
            case 1 when shape[0] == 2 * batch:
                Value ends = compose.Split(compose.Slice(mask, 0, 0, batch), -1, 1, 1, 1);
                Value starts = compose.Split(compose.Slice(mask, 0, batch, 2 * batch), -1, 1, 1, 1);
                Value columns = Columns(compose, k, mask.Type);
                return compose.Op("And", compose.Op("Less", columns, ends), compose.Op("GreaterOrEqual", columns, starts));
            case 2 when shape[1] == keys:
                return Positive(compose, compose.Unsqueeze(mask, 1, 2));
            case 3 when shape[1] == q.Shape[2] && shape[2] == keys:
                return Positive(compose, compose.Unsqueeze(mask, 1));
            case 4 when shape[2] >= keys && shape[3] >= keys && !q.Shape.IsDynamic && !k.Shape.IsDynamic:
                int first = past?.Shape[2] ?? 0;
                return Positive(compose, compose.Slice(compose.Slice(mask, 2, first, first + q.Shape[2]), 3, 0, keys));
            default:
                throw compose.Fail(
                    DiagnosticCodes.FeatureUnsupported,
                    $"a mask of shape {shape} for {batch} batches, {q.Shape[2]} queries and {keys} keys is not supported",
                    "Save the model with a mask [batch, keys] or [batch, queries, keys].");
        }
    }

    /// <summary>Query i sees the keys up to that at its own position, past + i.</summary>
    private static Value Causal(Composer compose, Value q, Value k, Value? past)
    {
        Value rows = compose.Unsqueeze(compose.Positions(q, 2), 1);
        rows = past is null ? rows : compose.Add(rows, compose.Length(past, 2));
        return compose.Op("LessOrEqual", compose.Positions(k, 2), rows);
    }

    private static Value Columns(Composer compose, Value k, ElementType type) => compose.Cast(compose.Positions(k, 2), type);

    private static Value Positive(Composer compose, Value mask) =>
        mask.Type == ElementType.Bool ? mask : compose.Op("Greater", mask, compose.Scalar(0, mask.Type));
}
