using AotCompiler.Kernels;

namespace AotCompiler.Operators.Movement;

/// <summary>CumSum: running sums along an axis, with or without the element itself, from either end.</summary>
/// <remarks>Spec: https://onnx.ai/onnx/operators/onnx__CumSum.html · Types: f32, f64, integers · Opsets: 11 introduced it.</remarks>
internal sealed class CumSum : CumulativeOperator
{
    public CumSum()
        : base("CumSum", CumulativeKind.Sum)
    {
    }

    public override int Since => 11;
}
