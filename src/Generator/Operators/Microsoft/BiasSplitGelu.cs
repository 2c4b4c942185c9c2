using AotCompiler.Ir;

namespace AotCompiler.Operators.Microsoft;

/// <summary>BiasSplitGelu: of x plus a bias along the last dimension, the first half times Gelu of the second.</summary>
/// <remarks>Spec: https://github.com/microsoft/onnxruntime/blob/main/docs/ContribOperators.md#com.microsoft.BiasSplitGelu · Types: f32, f16.</remarks>
internal sealed class BiasSplitGelu : MicrosoftOperator
{
    public BiasSplitGelu()
        : base("BiasSplitGelu", 2, 2)
    {
    }

    protected override bool HandlesRunTimeSize(Node node, int input, int axis) => axis < node.Required(input).Shape.Rank - 1;

    protected override void Compose(Node node, Composer compose)
    {
        Value x = compose.Add(node.Required(0), node.Required(1));
        compose.Check(x.Shape.Rank > 0, "the input has no last dimension");
        int axis = x.Shape.Rank - 1;
        int length = x.Shape[axis];
        compose.Check(length % 2 == 0, "the last dimension is odd");
        compose.Return(compose.Mul(compose.Slice(x, axis, 0, length / 2), compose.Op("Gelu", compose.Slice(x, axis, length / 2, length))));
    }
}
