using AotCompiler.Ir;

namespace AotCompiler.Operators.Microsoft;

/// <summary>FastGelu: the approximation of Gelu by tanh, of x plus an optional bias along the last dimension.</summary>
/// <remarks>Spec: https://github.com/microsoft/onnxruntime/blob/main/docs/ContribOperators.md#com.microsoft.FastGelu · Types: f32, f16, bf16.</remarks>
internal sealed class FastGelu : MicrosoftOperator
{
    public FastGelu()
        : base("FastGelu", 1, 2)
    {
    }

    protected override bool HandlesRunTimeSize(Node node, int input, int axis) => true;

    protected override void Compose(Node node, Composer compose)
    {
        Value x = node.Required(0);
        x = node.Input(1) is { } bias ? compose.Add(x, bias) : x;
        compose.Return(compose.Op("Gelu", new[] { x }, ("approximate", "tanh")));
    }
}
