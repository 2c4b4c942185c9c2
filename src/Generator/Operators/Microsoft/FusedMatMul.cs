using AotCompiler.Ir;

namespace AotCompiler.Operators.Microsoft;

/// <summary>FusedMatMul: alpha · A' · B', where A' and B' are A and B with some dimensions transposed.</summary>
/// <remarks>Spec: https://github.com/microsoft/onnxruntime/blob/main/docs/ContribOperators.md#com.microsoft.FusedMatMul · Types: those of MatMul.</remarks>
internal sealed class FusedMatMul : MicrosoftOperator
{
    public FusedMatMul()
        : base("FusedMatMul", 2, 2)
    {
    }

    protected override bool HandlesRunTimeSize(Node node, int input, int axis) => true;

    protected override void Compose(Node node, Composer compose) => compose.Return(FusedProduct.Of(compose));
}
