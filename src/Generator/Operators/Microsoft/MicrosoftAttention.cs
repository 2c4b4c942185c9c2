using AotCompiler.Diagnostics;
using AotCompiler.Ir;

namespace AotCompiler.Operators.Microsoft;

/// <summary>
/// com.microsoft's Attention: one product makes queries, keys and values of the input, then softmax(scale · Q · Kᵀ + mask) · V for every head.
/// Inputs: x [batch, length, size], weights [size, sizes of q, k and v], their bias, the mask, the past, a bias of the scores.
/// </summary>
/// <remarks>Spec: https://github.com/microsoft/onnxruntime/blob/main/docs/ContribOperators.md#com.microsoft.Attention · Types: f32, f16, bf16.</remarks>
internal sealed class MicrosoftAttention : MicrosoftOperator
{
    public MicrosoftAttention()
        : base("Attention", 2, 7, 2)
    {
    }

    protected override bool HandlesRunTimeSize(Node node, int input, int axis) => PackedAttention.HandlesRunTimeSize(node, input, axis, mask: 3, past: 4, bias: 5);

    protected override void Compose(Node node, Composer compose)
    {
        Value projected = compose.MatMul(node.Required(0), node.Required(1));
        projected = node.Input(2) is { } bias ? compose.Add(projected, bias) : projected;
        PackedAttention.Return(compose, projected, node.Input(3), node.Input(4), node.Input(5));
    }
}
