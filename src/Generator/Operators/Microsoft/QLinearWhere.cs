using AotCompiler.Ir;
using AotCompiler.Operators.Quantization;

namespace AotCompiler.Operators.Microsoft;

/// <summary>QLinearWhere: codes of x where the condition holds, of y elsewhere, quantised anew. Inputs: the condition, then codes, scale and zero point of x, y and the result.</summary>
/// <remarks>Spec: https://github.com/microsoft/onnxruntime/blob/main/docs/ContribOperators.md#com.microsoft.QLinearWhere · Types: u8, i8.</remarks>
internal sealed class QLinearWhere : MicrosoftOperator
{
    public QLinearWhere()
        : base("QLinearWhere", 9, 9)
    {
    }

    protected override bool HandlesRunTimeSize(Node node, int input, int axis) => true;

    protected override void Compose(Node node, Composer compose)
    {
        Value x = compose.Dequantize(node.Required(1), node.Required(2), node.Input(3));
        Value y = compose.Dequantize(node.Required(4), node.Required(5), node.Input(6));
        Value chosen = compose.Where(node.Required(0), x, y);
        compose.Return(compose.Quantize(chosen, node.Required(7), node.Input(8), node.Required(1).Type));
    }
}
