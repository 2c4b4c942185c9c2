using AotCompiler.Ir;

namespace AotCompiler.Operators.Microsoft;

/// <summary>SkipLayerNormalization: LayerNormalization of x + skip + bias over the last dimension; the sum is output 3. Inputs: x, skip, the scale, the shift, the bias.</summary>
/// <remarks>Spec: https://github.com/microsoft/onnxruntime/blob/main/docs/ContribOperators.md#com.microsoft.SkipLayerNormalization · Types: f32, f16.</remarks>
internal sealed class SkipLayerNormalization : MicrosoftOperator
{
    public SkipLayerNormalization()
        : base("SkipLayerNormalization", 3, 5, 4)
    {
    }

    protected override bool HandlesRunTimeSize(Node node, int input, int axis) => true;

    protected override void Compose(Node node, Composer compose) =>
        SkipNormalization.Layer(compose, SkipNormalization.Sums(compose, bias: 4), node.Required(2), node.Input(3));
}
