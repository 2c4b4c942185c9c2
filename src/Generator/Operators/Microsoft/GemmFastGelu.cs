using AotCompiler.Ir;

namespace AotCompiler.Operators.Microsoft;

/// <summary>GemmFastGelu: the approximation of Gelu by tanh, of x · w plus an optional bias along the last dimension.</summary>
/// <remarks>Spec: https://github.com/microsoft/onnxruntime/blob/main/docs/ContribOperators.md#com.microsoft.GemmFastGelu · Types: f32, f16, bf16.</remarks>
internal sealed class GemmFastGelu : MicrosoftOperator
{
    public GemmFastGelu()
        : base("GemmFastGelu", 2, 3)
    {
    }

    protected override bool HandlesRunTimeSize(Node node, int input, int axis) => true;

    protected override void Compose(Node node, Composer compose)
    {
        Value product = compose.MatMul(node.Required(0), node.Required(1));
        Value biased = node.Input(2) is { } bias ? compose.Add(product, bias) : product;
        compose.Return(compose.Op("Gelu", new[] { biased }, ("approximate", "tanh")));
    }
}
