using System.Linq;
using AotCompiler.Ir;
using AotCompiler.Operators.Movement;

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
        Value limit = compose.Reshape(node.Required(1));
        bool isData = new[] { start, limit, delta }.Any(static v => v is { IsConstant: false, Sizes: null });
        compose.Return((isData && !start.Type.IsInteger() ? RangeOfData.TryWrite(compose, start, limit, delta) : null) ?? compose.Op("Range", start, limit, delta));
    }
}
