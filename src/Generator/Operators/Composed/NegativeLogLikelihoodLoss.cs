using AotCompiler.Ir;

namespace AotCompiler.Operators.Composed;

/// <summary>NegativeLogLikelihoodLoss: minus the log probabilities of the labels, weighted by class.</summary>
/// <remarks>Spec: https://onnx.ai/onnx/operators/onnx__NegativeLogLikelihoodLoss.html. Opsets 13 and 22 only clarified and widened types.</remarks>
internal sealed class NegativeLogLikelihoodLoss : ComposedOperator
{
    public NegativeLogLikelihoodLoss()
        : base("NegativeLogLikelihoodLoss")
    {
    }

    public override int Since => 12;

    public override (int Min, int Max) InputCount => (2, 3);

    protected override bool HandlesRunTimeSize(Node node, int input, int axis) => true;

    protected override void Compose(Node node, Composer compose) =>
        compose.Return(0, ClassLoss.Of(compose, node.Required(0), node.Required(1), node.Input(2)));
}
