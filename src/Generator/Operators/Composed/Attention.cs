using System;
using System.Collections.Generic;
using System.Linq;
using AotCompiler.Diagnostics;
using AotCompiler.Ir;

namespace AotCompiler.Operators.Composed;

/// <summary>Attention: softmax(scale · Q · Kᵀ + bias) · V for every head, with a cache of keys and values.</summary>
/// <remarks>
/// Spec: https://onnx.ai/onnx/operators/onnx__Attention.html. Opset 24 added the lengths of padded keys, 25 sliding windows. Query heads
/// that share a key head become rows of one product, so that keys and values are not repeated. A query that may attend to
/// nothing gives zeros.
/// </remarks>
internal sealed class Attention : ComposedOperator
{
    public Attention()
        : base("Attention")
    {
    }

    public override int Since => 23;

    public override (int Min, int Max) InputCount => (3, 7);

    public override (int Min, int Max) OutputCount => (1, 4);

    /// <summary>Numbers that inputs must have in common with the model's attributes are heads and their sizes; the batch and lengths may vary.</summary>
    protected override bool HandlesRunTimeSize(Node node, int input, int axis) => (input, node.Required(input).Shape.Rank) switch
    {
        (< 3, 3) => axis < 2,
        (< 3, _) or (4 or 5, _) => axis is 0 or 2,
        _ => true,
    };

    protected override void Compose(Node node, Composer compose)
    {
        bool flat = node.Required(0).Shape.Rank == 3;
        Value q = Heads(node, compose, 0, "q_num_heads");
        Value k = Heads(node, compose, 1, "kv_num_heads");
        Value v = Heads(node, compose, 2, "kv_num_heads");
        compose.Check((node.Input(4) is null) == (node.Input(5) is null), "past keys and past values must come together");
        k = node.Input(4) is { } pastKeys ? compose.Concat(2, pastKeys, k) : k;
        v = node.Input(5) is { } pastValues ? compose.Concat(2, pastValues, v) : v;
        compose.Return(1, k);
        compose.Return(2, v);
        compose.Check(
            k.Shape[1] > 0 && q.Shape[1] % k.Shape[1] == 0 && v.Shape[1] == k.Shape[1] && v.Shape.Extent(2) == k.Shape.Extent(2) && q.Shape[3] == k.Shape[3],
            "the heads, lengths and sizes of queries, keys and values do not fit each other");

        Value? bias = AttentionBias.Of(node, compose, q, k);
        Value y = AttentionProduct.Of(compose, q, k, v, bias, AttentionBias.MayForbidAll(node, k), scores => Softcap(node, compose, scores));
        compose.Return(0, flat ? compose.Split(compose.Transpose(y, 0, 2, 1, 3), 0, 0, (long)y.Shape[1] * y.Shape[3]) : y);
    }

    /// <summary>An input as [batch, heads, length, size].</summary>
    private static Value Heads(Node node, Composer compose, int index, string attribute)
    {
        Value value = compose.Require(node.Required(index), TypeSets.Floats.Concat(new[] { ElementType.Float16, ElementType.BFloat16 }).ToArray());
        if (value.Shape.Rank != 3)
        {
            compose.Check(value.Shape.Rank == 4, $"input {index} must have 3 or 4 dimensions");
            return value;
        }

        long heads = node.Attributes.Int(attribute, 0);
        compose.Check(heads > 0 && value.Shape[2] % heads == 0, $"the attribute '{attribute}' is {heads}, which does not divide input {index}");
        return compose.Transpose(compose.Split(value, 0, 0, heads, value.Shape[2] / heads), 0, 2, 1, 3);
    }

    private static Value Softcap(Node node, Composer compose, Value scores)
    {
        float cap = node.Attributes.Float("softcap", 0);
        return cap > 0
            ? compose.Mul(compose.Op("Tanh", compose.Div(scores, compose.Scalar(cap, scores.Type))), compose.Scalar(cap, scores.Type))
            : scores;
    }
}
