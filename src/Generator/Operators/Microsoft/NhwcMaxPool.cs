using AotCompiler.Ir;
using AotCompiler.Operators.Quantization;

namespace AotCompiler.Operators.Microsoft;

/// <summary>NhwcMaxPool: the maximum of each window, with channels last.</summary>
/// <remarks>Spec: https://github.com/microsoft/onnxruntime/blob/main/docs/ContribOperators.md#com.microsoft.NhwcMaxPool · Types: u8, i8.</remarks>
internal sealed class NhwcMaxPool : MicrosoftOperator
{
    public NhwcMaxPool()
        : base("NhwcMaxPool", 1, 1)
    {
    }

    protected override bool HandlesRunTimeSize(Node node, int input, int axis) => true;

    protected override void Compose(Node node, Composer compose)
    {
        Value x = ChannelOrder.ToFirst(node.Required(0), compose);
        Value y = compose.Like("MaxPool", new[] { "auto_pad", "ceil_mode", "dilations", "kernel_shape", "pads", "strides" }, x);
        compose.Return(ChannelOrder.ToLast(y, compose));
    }
}
