using AotCompiler.Diagnostics;
using AotCompiler.Ir;

namespace AotCompiler.Operators.Microsoft;

/// <summary>FusedMatMulActivation: the activation of a <see cref="FusedMatMul"/>.</summary>
/// <remarks>Spec: https://github.com/microsoft/onnxruntime/blob/main/docs/ContribOperators.md#com.microsoft.FusedMatMulActivation · Types: those of MatMul.</remarks>
internal sealed class FusedMatMulActivation : MicrosoftOperator
{
    public FusedMatMulActivation()
        : base("FusedMatMulActivation", 2, 2)
    {
    }

    protected override bool HandlesRunTimeSize(Node node, int input, int axis) => true;

    protected override void Compose(Node node, Composer compose)
    {
        if (!node.Attributes.Has("activation"))
        {
            throw compose.Fail(DiagnosticCodes.GraphMalformed, "the attribute 'activation' is absent");
        }

        compose.Return(FusedActivation.ByName(compose, FusedProduct.Of(compose)));
    }
}
