using AotCompiler.Ir;

namespace AotCompiler.Operators.Elementwise;

/// <summary>Reciprocal: y = 1 / x.</summary>
/// <remarks>Spec: https://onnx.ai/onnx/operators/onnx__Reciprocal.html · Types: f32, f64 · Opsets: 6 dropped consumed_inputs; 13 added bfloat16.</remarks>
internal sealed class Reciprocal : UnaryFunctionOperator
{
    public Reciprocal()
        : base("Reciprocal", new DelegateFunction("Reciprocal", 1, "1 / {0}")
        {
            Real = static x => 1 / x[0],
            Float = static (simd, x) => $"{simd.Constant(1)} / {x[0]}",
            Double = static x => $"1d / {x[0]}",
        })
    {
    }
}
