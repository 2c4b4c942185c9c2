using AotCompiler.Ir;

namespace AotCompiler.Operators.Elementwise;

/// <summary>Sigmoid: y = 1 / (1 + e⁻ˣ).</summary>
/// <remarks>Spec: https://onnx.ai/onnx/operators/onnx__Sigmoid.html · Types: f32, f64 · Opsets: 6 dropped consumed_inputs; 13 added bfloat16.</remarks>
internal sealed class Sigmoid : UnaryFunctionOperator
{
    public Sigmoid()
        : base("Sigmoid", new DelegateFunction("Sigmoid", 1, "sigmoid({0})")
        {
            Real = static x => ReferenceMath.Sigmoid(x[0]),
            Float = static (simd, x) => simd.Math("Sigmoid", x[0]),
            Doubles = static (simd, x) => $"{simd.DoubleConstant(1)} / ({simd.DoubleConstant(1)} + {simd.Math("Exp", $"-{x[0]}")})",
            Double = static x => $"1d / (1d + DoubleMath.Exp(-{x[0]}))",
        })
    {
    }
}
