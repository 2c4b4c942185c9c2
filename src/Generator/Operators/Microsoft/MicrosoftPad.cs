using AotCompiler.Ir;

namespace AotCompiler.Operators.Microsoft;

/// <summary>com.microsoft's Pad: the standard's with the cells as an input, before it had that.</summary>
/// <remarks>Spec: https://github.com/microsoft/onnxruntime/blob/main/docs/ContribOperators.md#com.microsoft.Pad · Types: those of the standard Pad.</remarks>
internal sealed class MicrosoftPad : MicrosoftOperator
{
    public MicrosoftPad()
        : base("Pad", 2, 3)
    {
    }

    protected override void Compose(Node node, Composer compose)
    {
        Value cells = compose.Reshape(node.Required(1), node.Required(1).Shape.ElementCount);
        compose.Return(compose.Like("Pad", new[] { "mode" }, node.Required(0), cells, node.Input(2) is { } value ? compose.Reshape(value) : null));
    }
}
