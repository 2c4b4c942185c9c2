using AotCompiler.Ir;

namespace AotCompiler.Operators.Microsoft;

/// <summary>QuickGelu: x · sigmoid(alpha · x), 1.702 if alpha is not given.</summary>
/// <remarks>Spec: https://github.com/microsoft/onnxruntime/blob/main/docs/ContribOperators.md#com.microsoft.QuickGelu · Types: f32, f16, f64.</remarks>
internal sealed class QuickGelu : MicrosoftOperator
{
    private const float Alpha = 1.702f;

    public QuickGelu()
        : base("QuickGelu", 1, 1)
    {
    }

    protected override bool HandlesRunTimeSize(Node node, int input, int axis) => true;

    protected override void Compose(Node node, Composer compose) =>
        compose.Return(compose.Op("Swish", new[] { node.Required(0) }, ("alpha", node.Attributes.Float("alpha", Alpha))));
}
