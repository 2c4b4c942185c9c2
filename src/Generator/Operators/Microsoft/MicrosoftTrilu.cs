using AotCompiler.Ir;

namespace AotCompiler.Operators.Microsoft;

/// <summary>com.microsoft's Trilu, which is the standard's.</summary>
/// <remarks>Spec: https://github.com/microsoft/onnxruntime/blob/main/docs/ContribOperators.md#com.microsoft.Trilu · Types: all.</remarks>
internal sealed class MicrosoftTrilu : MicrosoftOperator
{
    public MicrosoftTrilu()
        : base("Trilu", 1, 2)
    {
    }

    protected override bool HandlesRunTimeSize(Node node, int input, int axis) => true;

    protected override void Compose(Node node, Composer compose) =>
        compose.Return(compose.Like("Trilu", new[] { "upper" }, node.Required(0), node.Input(1)));
}
