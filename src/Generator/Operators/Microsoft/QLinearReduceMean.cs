using AotCompiler.Ir;
using AotCompiler.Operators.Quantization;

namespace AotCompiler.Operators.Microsoft;

/// <summary>QLinearReduceMean: the quantised mean over axes. Inputs: codes, scale, zero point, and those of the result.</summary>
/// <remarks>Spec: https://github.com/microsoft/onnxruntime/blob/main/docs/ContribOperators.md#com.microsoft.QLinearReduceMean · Types: u8, i8.</remarks>
internal sealed class QLinearReduceMean : MicrosoftOperator
{
    public QLinearReduceMean()
        : base("QLinearReduceMean", 4, 5)
    {
    }

    protected override bool HandlesRunTimeSize(Node node, int input, int axis) => true;

    protected override void Compose(Node node, Composer compose)
    {
        Value x = compose.Dequantize(node.Required(0), node.Required(1), node.Input(2));
        long[] axes = node.Attributes.Ints("axes") ?? System.Array.Empty<long>();
        Value mean = compose.Reduce("ReduceMean", x, node.Attributes.Flag("keepdims", true), axes);
        compose.Return(compose.Quantize(mean, node.Required(3), node.Input(4), node.Required(0).Type));
    }
}
