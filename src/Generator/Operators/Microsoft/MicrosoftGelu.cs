using AotCompiler.Ir;

namespace AotCompiler.Operators.Microsoft;

/// <summary>com.microsoft's Gelu: ½ x (1 + erf(x / √2)), the standard's without its approximation.</summary>
/// <remarks>Spec: https://github.com/microsoft/onnxruntime/blob/main/docs/ContribOperators.md#com.microsoft.Gelu · Types: f32, f16.</remarks>
internal sealed class MicrosoftGelu : MicrosoftOperator
{
    public MicrosoftGelu()
        : base("Gelu", 1, 1)
    {
    }

    protected override bool HandlesRunTimeSize(Node node, int input, int axis) => true;

    protected override void Compose(Node node, Composer compose) => compose.Return(compose.Op("Gelu", node.Required(0)));
}
