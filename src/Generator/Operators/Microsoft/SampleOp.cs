using AotCompiler.Ir;

namespace AotCompiler.Operators.Microsoft;

/// <summary>SampleOp: x.</summary>
/// <remarks>Spec: https://github.com/microsoft/onnxruntime/blob/main/docs/ContribOperators.md#com.microsoft.SampleOp · Types: all.</remarks>
internal sealed class SampleOp : MicrosoftOperator
{
    public SampleOp()
        : base("SampleOp", 1, 1)
    {
    }

    protected override bool HandlesRunTimeSize(Node node, int input, int axis) => true;

    protected override void Compose(Node node, Composer compose) =>
        compose.Return(compose.Op("Identity", node.Required(0)));
}
