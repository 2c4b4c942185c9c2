using AotCompiler.Ir;
using AotCompiler.Operators.Reduction;

namespace AotCompiler.Operators.Pooling;

/// <summary>GlobalMaxPool: the largest element; NaN wins of each channel's spatial dimensions, which stay as 1.</summary>
/// <remarks>Spec: https://onnx.ai/onnx/operators/onnx__GlobalMaxPool.html · Types: f32, f64 · Opsets: 22 added bfloat16.</remarks>
internal sealed class GlobalMaxPool : GlobalPoolOperator
{
    public GlobalMaxPool()
        : base("GlobalMaxPool")
    {
    }

    protected override ReductionFunction Function(Node node) => ReductionFunction.Max;
}
