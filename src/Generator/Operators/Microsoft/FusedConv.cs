using AotCompiler.Ir;
using AotCompiler.Operators.Quantization;

namespace AotCompiler.Operators.Microsoft;

/// <summary>FusedConv: activation(conv(x, w) + bias + z). Inputs: x, w, the bias, and z, which has the shape of the result.</summary>
/// <remarks>Spec: https://github.com/microsoft/onnxruntime/blob/main/docs/ContribOperators.md#com.microsoft.FusedConv · Types: f32, f16.</remarks>
internal sealed class FusedConv : MicrosoftOperator
{
    public FusedConv()
        : base("FusedConv", 2, 4)
    {
    }

    protected override bool HandlesRunTimeSize(Node node, int input, int axis) => true;

    protected override void Compose(Node node, Composer compose)
    {
        Value y = compose.Like("Conv", QuantizedConvolution.Attributes, node.Required(0), node.Required(1), node.Input(2));
        y = node.Input(3) is { } z ? compose.Add(y, z) : y;
        compose.Return(FusedActivation.ByList(compose, y));
    }
}
