using AotCompiler.Ir;

namespace AotCompiler.Operators.Microsoft;

/// <summary>com.microsoft's GridSample: the standard's of opset 16.</summary>
/// <remarks>Spec: https://github.com/microsoft/onnxruntime/blob/main/docs/ContribOperators.md#com.microsoft.GridSample · Types: f32.</remarks>
internal sealed class MicrosoftGridSample : MicrosoftOperator
{
    public MicrosoftGridSample()
        : base("GridSample", 2, 2)
    {
    }

    protected override bool HandlesRunTimeSize(Node node, int input, int axis) => true;

    protected override void Compose(Node node, Composer compose)
    {
        compose.Return(compose.Like("GridSample", new[] { "align_corners", "mode", "padding_mode" }, node.Required(0), node.Required(1)));
    }
}
