using AotCompiler.Diagnostics;
using AotCompiler.Ir;

namespace AotCompiler.Operators.Microsoft;

/// <summary>
/// MultiHeadAttention: softmax(scale · Q · Kᵀ + mask) · V for every head. Inputs: queries, keys, values, their biases side by side, the mask,
/// a bias of the scores, past keys and values. Keys and values may be packed beside the queries, [batch, length, heads, 3, size], or
/// beside each other, [batch, length, heads, 2, size], or have their heads apart already, [batch, heads, length, size]. Outputs: the
/// result, and the keys and values of past and present.
/// </summary>
/// <remarks>Spec: https://github.com/microsoft/onnxruntime/blob/main/docs/ContribOperators.md#com.microsoft.MultiHeadAttention · Types: f32, f16.</remarks>
internal sealed class MultiHeadAttention : MicrosoftOperator
{
    private const int Bias = 3;
    private const int PastKeys = 6;
    private const int PastValues = 7;

    public MultiHeadAttention()
        : base("MultiHeadAttention", 1, 10, 3)
    {
    }

    protected override bool HandlesRunTimeSize(Node node, int input, int axis) => (input, node.Required(input).Shape.Rank) switch
    {
        (4, _) => KeyMask.HandlesRunTimeSize(node.Required(0), node.Required(input), axis),
        (5, _) => true,
        (_, 3 or 5) => axis < 2,
        (_, 4) => axis is 0 or 2,
        _ => false,
    };

    protected override void Compose(Node node, Composer compose)
    {
        if (node.Input(8) is not null || node.Input(9) is not null)
        {
            throw compose.Fail(DiagnosticCodes.FeatureUnsupported, "caches that past and present share are not supported", "Export the model with past keys and values of their own.");
        }

        compose.Check((node.Input(PastKeys) is null) == (node.Input(PastValues) is null), "past keys and past values must come together");
        (Value q, Value k, Value v) = Heads(node, compose);
        k = AttentionHeads.Joined(compose, node.Input(PastKeys), k);
        v = AttentionHeads.Joined(compose, node.Input(PastValues), v);
        Value? mask = KeyMask.Of(compose, q, k, node.Input(PastKeys), node.Input(4), node.Input(5));
        compose.Return(AttentionHeads.Attend(compose, q, k, v, AttentionHeads.Scale(compose, q.Shape[3]), mask), k, v);
    }

    /// <summary>Queries, keys and values as [batch, heads, length, size], with their biases.</summary>
    private static (Value Q, Value K, Value V) Heads(Node node, Composer compose)
    {
        Value query = node.Required(0);
        if (query.Shape.Rank == 5)
        {
            return (Packed(compose, query, 0, 3), Packed(compose, query, 1, 3), Packed(compose, query, 2, 3));
        }

        Value? key = node.Input(1);
        compose.Check(query.Shape.Rank == 3 && key is not null, "there must be keys, or queries that are packed with them");
        Value q = Flat(compose, query, 0);
        if (key!.Shape.Rank == 5)
        {
            return (q, Packed(compose, key, 0, 2), Packed(compose, key, 1, 2));
        }

        compose.Check(node.Input(2) is not null, "there must be values, or keys that are packed with them");
        return (q, Flat(compose, key, 1), Flat(compose, node.Required(2), 2));
    }

    /// <summary>An input with its heads side by side or apart. The latter are those of another sequence, which have their bias already.</summary>
    private static Value Flat(Composer compose, Value x, int which)
    {
        if (x.Shape.Rank == 4)
        {
            return x;
        }

        compose.Check(x.Shape.Rank == 3, "queries, keys and values must have 3 dimensions or be packed");
        Value biased = compose.Node.Input(Bias) is { } bias ? compose.Add(x, Part(compose, bias, which, x.Shape[2])) : x;
        return AttentionHeads.Apart(compose, biased, compose.Node.Attributes.Int("num_heads", 0));
    }

    /// <summary>One of the tensors of [batch, length, heads, count, size].</summary>
    private static Value Packed(Composer compose, Value packed, int index, int count)
    {
        compose.Check(packed.Shape[3] == count, $"dimension 3 of a packed input is {packed.Shape[3]}, not {count}");
        Value heads = compose.Transpose(compose.Squeeze(compose.Slice(packed, 3, index, index + 1), 3), 0, 2, 1, 3);
        if (compose.Node.Input(Bias) is not { } bias)
        {
            return heads;
        }

        long width = (long)heads.Shape[1] * heads.Shape[3];
        return compose.Add(heads, compose.Reshape(Part(compose, bias, index + (3 - count), width), heads.Shape[1], 1, heads.Shape[3]));
    }

    /// <summary>The bias of queries, keys or values: those before have the size of the queries.</summary>
    private static Value Part(Composer compose, Value bias, int which, long width)
    {
        long length = bias.Shape.ElementCount;
        long start = which == 2 ? length - width : which * width;
        compose.Check(bias.Shape.Rank == 1 && start + width <= length, "the bias does not have the sizes of queries, keys and values");
        return compose.Slice(bias, 0, start, start + width);
    }
}
