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

    protected override void Compose(StructureContext context, Composer compose) =>
        compose.Return(0, ClassLoss.Of(compose, context.Tensor(0), context.Tensor(1), context.OptionalTensor(2)));
}
