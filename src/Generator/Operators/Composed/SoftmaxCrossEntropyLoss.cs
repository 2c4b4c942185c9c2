using AotCompiler.Ir;

namespace AotCompiler.Operators.Composed;

/// <summary>SoftmaxCrossEntropyLoss: the negative log likelihood of labels under a softmax of scores; the log probabilities on request.</summary>
/// <remarks>Spec: https://onnx.ai/onnx/operators/onnx__SoftmaxCrossEntropyLoss.html. Opset 13 only widened types.</remarks>
internal sealed class SoftmaxCrossEntropyLoss : ComposedOperator
{
    public SoftmaxCrossEntropyLoss()
        : base("SoftmaxCrossEntropyLoss")
    {
    }

    public override int Since => 12;

    public override (int Min, int Max) InputCount => (2, 3);

    public override (int Min, int Max) OutputCount => (1, 2);

    protected override bool HandlesRunTimeSize(Node node, int input, int axis) => true;

    protected override void Compose(Node node, Composer compose)
    {
        Value scores = node.Required(0);
        compose.Check(scores.Shape.Rank >= 2, "the scores need a batch and classes");
        Value logProbabilities = compose.Op("LogSoftmax", new[] { scores }, ("axis", 1L));
        compose.Return(0, ClassLoss.Of(compose, logProbabilities, node.Required(1), node.Input(2)));
        compose.Return(1, logProbabilities);
    }
}
