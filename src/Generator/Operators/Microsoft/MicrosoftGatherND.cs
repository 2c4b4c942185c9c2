using AotCompiler.Ir;

namespace AotCompiler.Operators.Microsoft;

/// <summary>com.microsoft's GatherND: the standard's without batch dimensions.</summary>
/// <remarks>Spec: https://github.com/microsoft/onnxruntime/blob/main/docs/ContribOperators.md#com.microsoft.GatherND · Types: all.</remarks>
internal sealed class MicrosoftGatherND : MicrosoftOperator
{
    public MicrosoftGatherND()
        : base("GatherND", 2, 2)
    {
    }

    protected override bool HandlesRunTimeSize(Node node, int input, int axis) => true;

    protected override void Compose(Node node, Composer compose) =>
        compose.Return(compose.Op("GatherND", node.Required(0), node.Required(1)));
}
