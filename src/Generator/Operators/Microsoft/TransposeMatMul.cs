using AotCompiler.Ir;

namespace AotCompiler.Operators.Microsoft;

/// <summary>TransposeMatMul: alpha · A' · B', the older name of <see cref="FusedMatMul"/>.</summary>
/// <remarks>Spec: https://github.com/microsoft/onnxruntime/blob/main/docs/ContribOperators.md#com.microsoft.TransposeMatMul · Types: those of MatMul.</remarks>
internal sealed class TransposeMatMul : MicrosoftOperator
{
    public TransposeMatMul()
        : base("TransposeMatMul", 2, 2)
    {
    }

    protected override bool HandlesRunTimeSize(Node node, int input, int axis) => true;

    protected override void Compose(Node node, Composer compose) => compose.Return(FusedProduct.Of(compose));
}
