using AotCompiler.Ir;

namespace AotCompiler.Operators.Microsoft;

/// <summary>ExpandDims: x with a dimension of 1 at an axis, which must be constant.</summary>
/// <remarks>Spec: https://github.com/microsoft/onnxruntime/blob/main/docs/ContribOperators.md#com.microsoft.ExpandDims · Types: all.</remarks>
internal sealed class ExpandDims : MicrosoftOperator
{
    public ExpandDims()
        : base("ExpandDims", 2, 2)
    {
    }

    protected override bool HandlesRunTimeSize(Node node, int input, int axis) => true;

    protected override void Compose(Node node, Composer compose)
    {
        long axis = compose.ConstantInt(1, "axis") ?? 0;
        compose.Return(compose.Unsqueeze(node.Required(0), axis));
    }
}
