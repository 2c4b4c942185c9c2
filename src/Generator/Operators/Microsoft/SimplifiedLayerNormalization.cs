using AotCompiler.Ir;

namespace AotCompiler.Operators.Microsoft;

/// <summary>SimplifiedLayerNormalization: RMSNormalization over the dimensions from <c>axis</c> on; output 1 is the factor 1/√(mean of x² + ε).</summary>
/// <remarks>ONNX Runtime writes it into the standard's domain, in models of any opset. Types: f32, f64, f16.</remarks>
internal sealed class SimplifiedLayerNormalization : MicrosoftOperator
{
    public SimplifiedLayerNormalization()
        : base("SimplifiedLayerNormalization", 2, 2, 2, domain: string.Empty)
    {
    }

    protected override bool HandlesRunTimeSize(Node node, int input, int axis) => true;

    protected override void Compose(Node node, Composer compose) => SkipNormalization.RootMeanSquare(
        compose, node.Required(0), node.Required(1), node.Attributes.Int("axis", -1), node.Attributes.Float("epsilon", 1e-5f), factor: 1);
}
