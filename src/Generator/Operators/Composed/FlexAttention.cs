using System.Linq;
using AotCompiler.Diagnostics;
using AotCompiler.Ir;

namespace AotCompiler.Operators.Composed;

/// <summary>FlexAttention: attention with bodies that change the scores and the probabilities.</summary>
/// <remarks>Spec: https://onnx.ai/onnx/operators/onnx_aionnx_preview_FlexAttention.html.</remarks>
internal sealed class FlexAttention : ComposedOperator
{
    public FlexAttention()
        : base("FlexAttention", "ai.onnx.preview")
    {
    }

    public override (int Min, int Max) InputCount => (3, 3);

    /// <summary>Batch and lengths; heads and their sizes are numbers.</summary>
    protected override bool HandlesRunTimeSize(Node node, int input, int axis) => axis is 0 or 2;

    protected override void Compose(Node node, Composer compose)
    {
        (Value q, Value k, Value v) = (node.Required(0), node.Required(1), node.Required(2));
        compose.Check(q.Shape.Rank == 4 && k.Shape.Rank == 4 && v.Shape.Rank == 4, "queries, keys and values must have 4 dimensions");
        compose.Check(
            k.Shape[1] > 0 && q.Shape[1] % k.Shape[1] == 0 && v.Shape[1] == k.Shape[1] && v.Shape.Extent(2) == k.Shape.Extent(2) && q.Shape[3] == k.Shape[3],
            "the heads, lengths and sizes of queries, keys and values do not fit each other");
        double scale = node.Attributes.Has("scale") ? node.Attributes.Float("scale", 1) : 1 / System.Math.Sqrt(q.Shape[3]);
        ElementType precision = (ElementType)(int)node.Attributes.Int("softmax_precision", (long)(q.Type.IsHalf() ? ElementType.Float32 : q.Type));
        Value scores = AttentionProduct.Grouped(compose, compose.Mul(q, compose.Scalar(scale, q.Type)), compose.Transpose(k, 0, 1, 3, 2));
        scores = Modified(compose, "score_mod", compose.Cast(scores, precision));
        Value probabilities = Modified(compose, "prob_mod", compose.Op("Softmax", new[] { scores }, ("axis", -1L)));
        compose.Return(0, compose.Cast(AttentionProduct.Grouped(compose, probabilities, compose.Cast(v, precision)), v.Type));
    }

    private static Value Modified(Composer compose, string attribute, Value value)
    {
        if (!compose.Node.Attributes.Has(attribute))
        {
            return value;
        }

        ModelValue[] arguments = { new TensorValue(value) };
        return compose.Context.Inline(attribute, arguments).FirstOrDefault() is TensorValue result && result.Value.Shape.Equals(value.Shape) && result.Value.Type == value.Type
            ? result.Value
            : throw compose.Fail(DiagnosticCodes.ShapeMismatch, $"the body '{attribute}' must return a tensor like its input");
    }
}
