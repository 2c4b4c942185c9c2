using AotCompiler.Ir;

namespace AotCompiler.Operators.Microsoft;

/// <summary>BiasGelu: Gelu of x plus a bias along the last dimension.</summary>
/// <remarks>Spec: https://github.com/microsoft/onnxruntime/blob/main/docs/ContribOperators.md#com.microsoft.BiasGelu · Types: f32, f16.</remarks>
internal sealed class BiasGelu : MicrosoftOperator
{
    public BiasGelu()
        : base("BiasGelu", 2, 2)
    {
    }

    protected override bool HandlesRunTimeSize(Node node, int input, int axis) => true;

    protected override void Compose(Node node, Composer compose) => compose.Return(compose.Op("Gelu", compose.Add(node.Required(0), node.Required(1))));
}
