using System;
using System.Linq;
using AotCompiler.Diagnostics;
using AotCompiler.Ir;
using AotCompiler.Operators.Composed;

namespace AotCompiler.Operators.Microsoft;

/// <summary>
/// GroupQueryAttention: causal attention whose query heads share key heads, with a cache. Inputs: queries, keys, values (or all packed into
/// input 0), past keys and values, the number of keys of each batch less one, the greatest such number, cosines, sines, positions, a
/// bias of the scores, a sink for each head. Outputs: the result, and the keys and values of past and present.
/// </summary>
/// <remarks>
/// Spec: https://github.com/microsoft/onnxruntime/blob/main/docs/ContribOperators.md#com.microsoft.GroupQueryAttention · Types: f32, f16, bf16.
/// Cells of the cache that hold no key yet keep what the past has there.
/// </remarks>
internal sealed class GroupQueryAttention : MicrosoftOperator
{
    private const int PastKeys = 3;
    private const int PastValues = 4;
    private const int Cosines = 7;
    private const int Sines = 8;
    private const int Positions = 9;
    private const int Bias = 10;
    private const int Sink = 11;

    public GroupQueryAttention()
        : base("GroupQueryAttention", 7, 12, 3)
    {
    }

    public override bool RequiresInput(int input) => input is < 1 or > 4;

    protected override bool HandlesRunTimeSize(Node node, int input, int axis) => input switch
    {
        < PastKeys => axis < 2,
        PastKeys or PastValues => axis is 0 or 2,
        Cosines or Sines => axis == 0,
        Bias => axis != 1,
        Sink => false,
        _ => true,
    };

    protected override void Compose(Node node, Composer compose)
    {
        if (node.Attributes.Int("kv_cache_bit_width", 0) != 0 || node.Attributes.Int("qk_output", 0) != 0)
        {
            throw compose.Fail(DiagnosticCodes.FeatureUnsupported, "a quantised cache, or scores as an output, are not supported", "Export the model without them.");
        }

        (Value q, Value k, Value v) = Inputs(compose);
        var cache = KeyCache.Of(compose, q);
        if (node.Attributes.Flag("do_rotary", false))
        {
            q = Turned(compose, q, cache);
            k = Turned(compose, k, cache);
        }

        Value keys = cache.Append(compose, node.Input(PastKeys), compose.Transpose(k, 0, 2, 1, 3));
        Value values = cache.Append(compose, node.Input(PastValues), compose.Transpose(v, 0, 2, 1, 3));
        compose.Return(Attend(compose, q, keys, values, cache), keys, values);
    }

    /// <summary>Queries, keys and values as [batch, length, heads, size].</summary>
    private static (Value Q, Value K, Value V) Inputs(Composer compose)
    {
        Node node = compose.Node;
        Value query = node.Required(0);
        long heads = node.Attributes.Int("num_heads", 0);
        long groups = node.Attributes.Int("kv_num_heads", 0);
        compose.Check(query.Shape.Rank == 3 && groups > 0 && heads > 0 && heads % groups == 0, "the queries must be [batch, length, size], and num_heads a multiple of kv_num_heads");
        bool packed = node.Input(1) is null;
        compose.Check(packed == (node.Input(2) is null), "keys and values must come together");
        long all = packed ? heads + (2 * groups) : heads;
        compose.Check(query.Shape[2] % all == 0, $"{all} heads do not divide the queries");
        long size = query.Shape[2] / all;
        if (packed)
        {
            Value split = compose.Split(query, 0, 0, all, size);
            return (compose.Slice(split, 2, 0, heads), compose.Slice(split, 2, heads, heads + groups), compose.Slice(split, 2, heads + groups, all));
        }

        compose.Check(
            node.Required(1).Shape.Rank == 3 && node.Required(1).Shape[2] == groups * size && node.Required(2).Shape.Equals(node.Required(1).Shape),
            "the keys and values do not fit the queries");
        return (compose.Split(query, 0, 0, heads, size), compose.Split(node.Required(1), 0, 0, groups, size), compose.Split(node.Required(2), 0, 0, groups, size));
    }

    private static Value Turned(Composer compose, Value x, KeyCache cache)
    {
        Node node = compose.Node;
        compose.Check(node.Input(Cosines) is { Shape.Rank: 2 } && node.Input(Sines) is { Shape.Rank: 2 }, "do_rotary needs cosines and sines");
        long rotated = 2L * node.Required(Cosines).Shape[1];
        compose.Check(rotated > 0 && rotated <= x.Shape[3], "the cosines do not fit the size of a head");
        Value positions = node.Input(Positions) ?? cache.Rows;
        return Rotation.Of(
            compose,
            x,
            compose.Unsqueeze(compose.Gather(node.Required(Cosines), positions, 0), 2),
            compose.Unsqueeze(compose.Gather(node.Required(Sines), positions, 0), 2),
            rotated,
            node.Attributes.Flag("rotary_interleaved", false));
    }

    /// <summary>
    /// Attention with the heads [groups, heads of a group], whose second broadcasts over the keys; where there is one query, the heads of a
    /// group are the rows of one product instead.
    /// </summary>
    private static Value Attend(Composer compose, Value q, Value keys, Value values, KeyCache cache)
    {
        Node node = compose.Node;
        (int heads, int groups, int size) = (q.Shape[2], keys.Shape[1], q.Shape[3]);
        bool one = q.Shape.Extent(1) == 1;
        Value split = compose.Split(q, 0, 0, groups, heads / groups, size);
        split = compose.Transpose(split, 0, 2, 3, 1, 4);
        Value scores = one
            ? compose.MatMul(compose.Split(split, 0, 0, heads / groups, size), compose.Transpose(keys, 0, 1, 3, 2))
            : compose.MatMul(split, compose.Unsqueeze(compose.Transpose(keys, 0, 1, 3, 2), 2));
        scores = compose.Mul(scores, compose.Scalar(AttentionHeads.Scale(compose, size), q.Type));
        float cap = node.Attributes.Float("softcap", 0);
        scores = cap > 0 ? compose.Mul(compose.Op("Tanh", compose.Div(scores, compose.Scalar(cap, q.Type))), compose.Scalar(cap, q.Type)) : scores;
        Value mask = compose.Cast(cache.Mask(compose, keys, node.Attributes.Int("local_window_size", -1)), q.Type);
        mask = node.Input(Bias) is { } bias ? compose.Add(mask, Grouped(compose, bias, keys, groups)) : mask;
        Value weights = Weights(compose, compose.Add(scores, one ? compose.Squeeze(mask, 3) : mask), groups);
        Value result = compose.MatMul(weights, one ? values : compose.Unsqueeze(values, 2));
        return one
            ? compose.Split(result, 0, 1, (long)heads * size)
            : compose.Split(compose.Transpose(result, 0, 3, 1, 2, 4), 0, 0, (long)heads * size);
    }

    /// <summary>The bias [batch, heads or 1, length, keys] as [batch, groups, heads of a group, length, keys]; keys that it leaves out are masked anyway.</summary>
    private static Value Grouped(Composer compose, Value bias, Value keys, int groups)
    {
        compose.Check(bias.Shape.Rank == 4 && bias.Shape[3] <= keys.Shape[2], "the bias of the scores must be [batch, heads, length, keys]");
        Value missing = compose.Sub(compose.Length(keys, 2), compose.Length(bias, 3));
        Value padded = bias.Shape.Extent(3) == keys.Shape.Extent(2) ? bias : compose.Op("Pad", bias, compose.Concat(0, compose.Ints(new long[7]), compose.Unsqueeze(missing, 0)));
        return bias.Shape[1] == 1
            ? compose.Unsqueeze(padded, 2)
            : compose.Reshape(padded, new Shape(new[] { bias.Shape.Extent(0), groups, bias.Shape[1] / groups, bias.Shape.Extent(2), keys.Shape.Extent(2) }));
    }

    /// <summary>The softmax of scores [batch, groups, heads of a group, …, keys]; a sink takes its part of the sum.</summary>
    private static Value Weights(Composer compose, Value scores, int groups)
    {
        Node node = compose.Node;
        Value? sink = node.Input(Sink) ?? (node.Attributes.Flag("smooth_softmax", false) ? compose.Numbers(scores.Type, new Shape(1), new double[1]) : null);
        if (sink is null)
        {
            return compose.Op("Softmax", new[] { scores }, ("axis", -1L));
        }

        int last = scores.Shape.Rank - 1;
        long[] target = new long[scores.Shape.Rank];
        for (int i = 0; i < target.Length; i++)
        {
            target[i] = i == 1 && sink.Shape.ElementCount > 1 ? groups : i == 2 && sink.Shape.ElementCount > 1 ? sink.Shape.ElementCount / groups : 1;
        }

        // e^(s - m) / (e^(sink - m) + Σ e^(s - m)), where m is the greatest of the scores and the sink.
        Value level = compose.Reshape(sink, target);
        Value highest = compose.Op("Max", compose.Reduce("ReduceMax", scores, keep: true, last), level);
        Value exponentials = compose.Op("Exp", compose.Sub(scores, highest));
        Value sum = compose.Add(compose.Reduce("ReduceSum", exponentials, keep: true, last), compose.Op("Exp", compose.Sub(level, highest)));
        return compose.Div(exponentials, sum);
    }

    /// <summary>Where the present keys go.</summary>
    /// <param name="Known">Number of keys before the present ones, if it is the same for all batches and known when the model is compiled.</param>
    /// <param name="Past">The same for each batch, [batch] or one number.</param>
    /// <param name="Rows">Positions of the present keys, [batch or 1, length].</param>
    /// <param name="Total">Number of keys with the present ones, if it is known.</param>
    /// <param name="Cells">Numbers of the cells that the cache has then, i64 [cells], if the run decides how many: its past's, or the keys if they are more.</param>
    private sealed record KeyCache(int? Known, Value Past, Value Rows, int? Total, Value? Cells)
    {
        public static KeyCache Of(Composer compose, Value q)
        {
            Node node = compose.Node;
            compose.Check((node.Input(PastKeys) is null) == (node.Input(PastValues) is null), "past keys and past values must come together");
            Value lengths = node.Required(5);
            (Extent batch, Extent length) = (q.Shape.Extent(0), q.Shape.Extent(1));
            int? total = node.Required(6).Constant is { } given ? (int)given.ToInt64Array()[0] : null;
            compose.Check(total is null || total >= length.Maximum, $"the total length is {total}, which is less than the {length} queries");
            compose.Check(lengths.Shape.ElementCount == batch.Maximum, "there must be one length for each batch");
            bool first = node.Input(PastKeys) is not { } past || past.Shape.Extent(2) == 0 || (total == length.Maximum && !length.IsDynamic);
            int? known = first ? 0 : batch == 1 && total is not null && !length.IsDynamic ? total - length.Maximum : null;
            Value before = known is { } number ? compose.Ints(number) : Before(compose, lengths, compose.Length(q, 1));
            Value rows = compose.Add(compose.Unsqueeze(before, 1), compose.Positions(q, 1));
            return new KeyCache(known, before, rows, total, total is null && !first ? CellsOf(compose, node.Required(PastKeys), q) : null);
        }

        private static Value? CellsOf(Composer compose, Value past, Value q)
        {
            if (past.Shape.IsDynamicAt(2) || q.Shape.IsDynamicAt(1))
            {
                return null;
            }

            Value positions = compose.Ints(Enumerable.Range(0, past.Shape[2] + q.Shape[1]).Select(static i => (long)i).ToArray());
            Value total = compose.Split(compose.Cast(compose.Node.Required(6), ElementType.Int64), -1);
            Value count = compose.Op("Max", total, compose.Ints(past.Shape[2]));
            return compose.Squeeze(compose.Op("NonZero", compose.Op("Less", positions, count)), 0);
        }

        /// <summary>Keys before the present ones, from the positions of the last: [batch].</summary>
        private static Value Before(Composer compose, Value lengths, Value present)
        {
            Value last = compose.Cast(lengths.Shape.Rank == 1 ? lengths : compose.Split(lengths, -1), ElementType.Int64);
            return compose.Op("Max", compose.Add(last, compose.Sub(compose.Scalar(1, ElementType.Int64), present)), compose.Scalar(0, ElementType.Int64));
        }

        /// <summary>The cache with the present keys or values, [batch, heads, length, size].</summary>
        public Value Append(Composer compose, Value? past, Value present)
        {
            if (past is null || past.Shape.Extent(2) == 0)
            {
                return present;
            }

            // A past of any length has room for nothing else: what it holds and what is present follow each other.
            return past.Shape.IsDynamicAt(2) ? Scattered(compose, compose.Concat(2, past, present), present)
                : Cells is not null ? compose.Gather(Scattered(compose, compose.Pad(past, new long[4], new long[] { 0, 0, present.Shape[2], 0 }), present), Cells, 2)
                : Known is { } known && known <= past.Shape[2] && !present.Shape.IsDynamicAt(2) ? Joined(compose, past, present, known)
                : Scattered(compose, compose.Pad(past, new long[4], new long[] { 0, 0, Math.Max(0, (Total ?? present.Shape[2]) - past.Shape[2]), 0 }), present);
        }

        private Value Scattered(Composer compose, Value cells, Value present) => compose.Op("TensorScatter", new[] { cells, present, Past }, ("axis", 2L));

        /// <summary>The known past, the present keys behind it, then the rest of the past's cells.</summary>
        private static Value Joined(Composer compose, Value past, Value present, int known)
        {
            int end = known + present.Shape[2];
            Value joined = compose.Concat(2, known == 0 ? new[] { present } : new[] { compose.Slice(past, 2, 0, known), present });
            return past.Shape[2] > end ? compose.Concat(2, joined, compose.Slice(past, 2, end, past.Shape[2])) : joined;
        }

        /// <summary>0 where a query may attend to a key, -∞ elsewhere, [batch or 1, 1, 1, length, keys].</summary>
        public Value Mask(Composer compose, Value keys, long window)
        {
            Value columns = compose.Positions(keys, 2);
            Value rows = compose.Unsqueeze(Rows, 1, 2, 4);
            Value allowed = compose.Op("LessOrEqual", columns, rows);
            if (window > 0)
            {
                Value near = compose.Op("GreaterOrEqual", columns, compose.Sub(rows, compose.Scalar(window - 1, ElementType.Int64)));
                allowed = compose.Op("And", allowed, near);
            }

            return compose.Where(allowed, compose.Scalar(0), compose.Scalar(float.NegativeInfinity));
        }
    }
}
