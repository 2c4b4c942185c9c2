using System;
using AotCompiler.Ir;

namespace AotCompiler.Operators.Elementwise;

/// <summary>Softsign: y = x / (1 + |x|).</summary>
/// <remarks>Spec: https://onnx.ai/onnx/operators/onnx__Softsign.html · Types: f32, f64 · Opsets: 22 added bfloat16.</remarks>
internal sealed class Softsign : UnaryFunctionOperator
{
    public Softsign()
        : base("Softsign", new DelegateFunction("Softsign", 1, "{0} / (1 + |{0}|)")
        {
            Real = static x => x[0] / (1 + Math.Abs(x[0])),
            Float = static (simd, x) => $"{x[0]} / ({simd.Constant(1)} + {simd.Abs(x[0])})",
            Double = static x => $"{x[0]} / (1d + global::System.Math.Abs({x[0]}))",
        })
    {
    }
}
