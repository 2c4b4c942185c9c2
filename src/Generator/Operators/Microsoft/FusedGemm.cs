using AotCompiler.Ir;

namespace AotCompiler.Operators.Microsoft;

/// <summary>FusedGemm: activation(alpha · A' · B' + beta · C), as Gemm.</summary>
/// <remarks>Spec: https://github.com/microsoft/onnxruntime/blob/main/docs/ContribOperators.md#com.microsoft.FusedGemm · Types: those of Gemm.</remarks>
internal sealed class FusedGemm : MicrosoftOperator
{
    public FusedGemm()
        : base("FusedGemm", 2, 3)
    {
    }

    protected override bool HandlesRunTimeSize(Node node, int input, int axis) => true;

    protected override void Compose(Node node, Composer compose) => compose.Return(FusedActivation.ByName(
        compose,
        compose.Like("Gemm", new[] { "alpha", "beta", "transA", "transB" }, node.Required(0), node.Required(1), node.Input(2))));
}
