using AotCompiler.Kernels;

namespace AotCompiler.Operators.Movement;

/// <summary>CumProd: running products along an axis, with or without the element itself, from either end.</summary>
/// <remarks>Spec: https://onnx.ai/onnx/operators/onnx__CumProd.html · Types: f32, f64, integers · Opsets: 26 introduced it.</remarks>
internal sealed class CumProd : CumulativeOperator
{
    public CumProd()
        : base("CumProd", CumulativeKind.Product)
    {
    }

    public override int Since => 26;
}
