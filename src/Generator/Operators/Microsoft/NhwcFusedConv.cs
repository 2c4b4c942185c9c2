using AotCompiler.Ir;
using AotCompiler.Operators.Quantization;

namespace AotCompiler.Operators.Microsoft;

/// <summary>NhwcFusedConv: <see cref="FusedConv"/> with channels last in x, z and the result; the weights are those of Conv.</summary>
/// <remarks>Spec: https://github.com/microsoft/onnxruntime/blob/main/docs/ContribOperators.md#com.microsoft.NhwcFusedConv · Types: f32, f16.</remarks>
internal sealed class NhwcFusedConv : MicrosoftOperator
{
    public NhwcFusedConv()
        : base("NhwcFusedConv", 2, 4)
    {
    }

    protected override bool HandlesRunTimeSize(Node node, int input, int axis) => true;

    protected override void Compose(Node node, Composer compose)
    {
        Value x = ChannelOrder.ToFirst(node.Required(0), compose);
        Value y = compose.Like("Conv", QuantizedConvolution.Attributes, x, node.Required(1), node.Input(2));
        y = node.Input(3) is { } z ? compose.Add(y, ChannelOrder.ToFirst(z, compose)) : y;
        compose.Return(ChannelOrder.ToLast(FusedActivation.ByList(compose, y), compose));
    }
}
