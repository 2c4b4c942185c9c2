using AotCompiler.Ir;
using AotCompiler.Operators.Reduction;

namespace AotCompiler.Operators.Pooling;

/// <summary>GlobalAveragePool: the mean of each channel's spatial dimensions, which stay as 1.</summary>
/// <remarks>Spec: https://onnx.ai/onnx/operators/onnx__GlobalAveragePool.html · Types: f32, f64 · Opsets: 22 added bfloat16.</remarks>
internal sealed class GlobalAveragePool : GlobalPoolOperator
{
    public GlobalAveragePool()
        : base("GlobalAveragePool")
    {
    }

    protected override ReductionFunction Function(Node node) => ReductionFunction.Mean;
}
