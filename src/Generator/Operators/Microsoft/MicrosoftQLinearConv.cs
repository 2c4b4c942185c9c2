using System.Linq;
using AotCompiler.Ir;
using AotCompiler.Operators.Quantization;

namespace AotCompiler.Operators.Microsoft;

/// <summary>com.microsoft's QLinearConv: the standard's, with channels last in x and the result if <c>channels_last</c>.</summary>
/// <remarks>Spec: https://github.com/microsoft/onnxruntime/blob/main/docs/ContribOperators.md#com.microsoft.QLinearConv · Types: u8, i8.</remarks>
internal sealed class MicrosoftQLinearConv : MicrosoftOperator
{
    public MicrosoftQLinearConv()
        : base("QLinearConv", 8, 9)
    {
    }

    protected override bool HandlesRunTimeSize(Node node, int input, int axis) => true;

    protected override void Compose(Node node, Composer compose)
    {
        bool last = node.Attributes.Flag("channels_last", false);
        Value x = last ? ChannelOrder.ToFirst(node.Required(0), compose) : node.Required(0);
        Value y = compose.Like("QLinearConv", QuantizedConvolution.Attributes, node.Inputs.Skip(1).Prepend(x).ToArray());
        compose.Return(last ? ChannelOrder.ToLast(y, compose) : y);
    }
}
