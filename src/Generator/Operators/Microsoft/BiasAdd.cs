using AotCompiler.Ir;

namespace AotCompiler.Operators.Microsoft;

/// <summary>BiasAdd: x plus a bias along the last dimension plus a skip connection.</summary>
/// <remarks>Spec: https://github.com/microsoft/onnxruntime/blob/main/docs/ContribOperators.md#com.microsoft.BiasAdd · Types: f32, f16.</remarks>
internal sealed class BiasAdd : MicrosoftOperator
{
    public BiasAdd()
        : base("BiasAdd", 3, 3)
    {
    }

    protected override bool HandlesRunTimeSize(Node node, int input, int axis) => true;

    protected override void Compose(Node node, Composer compose) =>
        compose.Return(compose.Add(compose.Add(node.Required(0), node.Required(1)), node.Required(2)));
}
