using System.Linq;
using AotCompiler.Diagnostics;
using AotCompiler.Ir;

namespace AotCompiler.Operators.Microsoft;

/// <summary>What <see cref="MicrosoftAttention"/> and <see cref="QAttention"/> have in common: all behind the product that makes queries, keys and values side by side.</summary>
internal static class PackedAttention
{
    /// <summary>True if a dimension of an input may be known only at run time: those of batches and lengths.</summary>
    /// <param name="node">The node; input 0 is [batch, length, size].</param>
    /// <param name="input">The input.</param>
    /// <param name="axis">Its dimension.</param>
    /// <param name="mask">Index of the mask.</param>
    /// <param name="past">Index of the past.</param>
    /// <param name="bias">Index of what is added to the scores; -1 if there is none.</param>
    public static bool HandlesRunTimeSize(Node node, int input, int axis, int mask, int past, int bias)
    {
        if (input == mask)
        {
            return KeyMask.HandlesRunTimeSize(node.Required(0), node.Required(mask), axis);
        }

        return input == bias || (input == 0 && axis < 2) || (input == past && axis is (1 or 3));
    }

    /// <summary>Returns the result, and as output 1 the keys and values of past and present, [2, batch, heads, length, size].</summary>
    /// <param name="compose">Writes the expression.</param>
    /// <param name="projected">Queries, keys and values, [batch, length, their sizes].</param>
    /// <param name="mask">The mask; null for none.</param>
    /// <param name="past">Keys and values of the past as output 1 has them; null for none.</param>
    /// <param name="bias">Added to the scores; null for none.</param>
    public static void Return(Composer compose, Value projected, Value? mask, Value? past, Value? bias)
    {
        AttributeMap attributes = compose.Node.Attributes;
        if (attributes.Flag("do_rotary", false) || attributes.Flag("past_present_share_buffer", false))
        {
            throw compose.Fail(DiagnosticCodes.FeatureUnsupported, "do_rotary and past_present_share_buffer are not supported", "Save the model before it is optimised for a GPU.");
        }

        long heads = attributes.Int("num_heads", 0);
        long[] sizes = Sizes(compose, projected);
        Value q = AttentionHeads.Apart(compose, compose.Slice(projected, 2, 0, sizes[0]), heads);
        Value k = AttentionHeads.Apart(compose, compose.Slice(projected, 2, sizes[0], sizes[0] + sizes[1]), heads);
        Value v = AttentionHeads.Apart(compose, compose.Slice(projected, 2, sizes[0] + sizes[1], sizes.Sum()), heads);
        Value? pastKeys = past is null ? null : Part(compose, past, 0);
        k = AttentionHeads.Joined(compose, pastKeys, k);
        v = AttentionHeads.Joined(compose, past is null ? null : Part(compose, past, 1), v);
        compose.Return(0, AttentionHeads.Attend(
            compose, q, k, v, AttentionHeads.Scale(compose, q.Shape[3]), KeyMask.Of(compose, q, k, pastKeys, mask, bias)));
        if (compose.Wants(1))
        {
            compose.Return(1, compose.Concat(0, compose.Unsqueeze(k, 0), compose.Unsqueeze(v, 0)));
        }
    }

    /// <summary>The sizes of queries, keys and values: equal thirds, unless <c>qkv_hidden_sizes</c> says otherwise.</summary>
    private static long[] Sizes(Composer compose, Value projected)
    {
        compose.Check(projected.Shape.Rank == 3, "the input must be [batch, length, size]");
        long all = projected.Shape[2];
        long[] sizes = compose.Node.Attributes.Ints("qkv_hidden_sizes") is { Length: > 0 } given ? given : Enumerable.Repeat(all / 3, 3).ToArray();
        compose.Check(sizes.Length == 3 && sizes.All(static s => s > 0) && sizes.Sum() == all, "qkv_hidden_sizes and the weights do not fit");
        return sizes;
    }

    private static Value Part(Composer compose, Value past, int index)
    {
        compose.Check(past.Shape.Rank == 5 && past.Shape[0] == 2, "the past must be [2, batch, heads, length, size]");
        return compose.Squeeze(compose.Slice(past, 0, index, index + 1), 0);
    }
}
