using AotCompiler.Ir;

namespace AotCompiler.Operators.Microsoft;

/// <summary>SkipSimplifiedLayerNormalization: RMSNormalization of x + skip + bias over the last dimension; the sum is output 3. Inputs: x, skip, the scale, the bias.</summary>
/// <remarks>Spec: https://github.com/microsoft/onnxruntime/blob/main/docs/ContribOperators.md#com.microsoft.SkipSimplifiedLayerNormalization · Types: f32, f16. There is no output 1: the mean is not subtracted.</remarks>
internal sealed class SkipSimplifiedLayerNormalization : MicrosoftOperator
{
    public SkipSimplifiedLayerNormalization()
        : base("SkipSimplifiedLayerNormalization", 3, 4, 4)
    {
    }

    protected override bool HandlesRunTimeSize(Node node, int input, int axis) => true;

    protected override void Compose(Node node, Composer compose) =>
        SkipNormalization.RootMeanSquare(compose, SkipNormalization.Sums(compose, bias: 3), node.Required(2));
}
