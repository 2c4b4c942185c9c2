using AotCompiler.Ir;

namespace AotCompiler.Operators.Microsoft;

/// <summary>com.microsoft's Range: start, start + delta, … below limit; delta is 1 if it is absent.</summary>
/// <remarks>Spec: https://github.com/microsoft/onnxruntime/blob/main/docs/ContribOperators.md#com.microsoft.Range · Types: those of the standard Range.</remarks>
internal sealed class MicrosoftRange : MicrosoftOperator
{
    public MicrosoftRange()
        : base("Range", 2, 3)
    {
    }

    protected override bool HandlesRunTimeSize(Node node, int input, int axis) => true;

    protected override void Compose(Node node, Composer compose)
    {
        Value start = compose.Reshape(node.Required(0));
        Value delta = node.Input(2) is { } given ? compose.Reshape(given) : compose.Scalar(1, start.Type);
        compose.Return(compose.Op("Range", start, compose.Reshape(node.Required(1)), delta));
    }
}
