using AotCompiler.Ir;

namespace AotCompiler.Operators.Microsoft;

/// <summary>
/// QAttention: <see cref="MicrosoftAttention"/> of codes. Inputs: x, the weights, the bias (f32), the scales of x and the weights, the mask, the zero
/// points of x and the weights, the past (f32). The result is f32.
/// </summary>
/// <remarks>Spec: https://github.com/microsoft/onnxruntime/blob/main/docs/ContribOperators.md#com.microsoft.QAttention · Types: u8, i8.</remarks>
internal sealed class QAttention : MicrosoftOperator
{
    public QAttention()
        : base("QAttention", 5, 9, 2)
    {
    }

    protected override bool HandlesRunTimeSize(Node node, int input, int axis) => PackedAttention.HandlesRunTimeSize(node, input, axis, mask: 5, past: 8, bias: -1);

    protected override void Compose(Node node, Composer compose)
    {
        Value projected = compose.Op(
            OperatorRegistry.Get("MatMulIntegerToFloat", MicrosoftDomain),
            new[] { node.Required(0), node.Required(1), node.Required(3), node.Required(4), node.Input(6), node.Input(7), node.Required(2) });
        PackedAttention.Return(compose, projected, node.Input(5), node.Input(8), null);
    }
}
