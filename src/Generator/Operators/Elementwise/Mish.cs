using System;
using AotCompiler.Ir;

namespace AotCompiler.Operators.Elementwise;

/// <summary>Mish: y = x · tanh(ln(1 + eˣ)).</summary>
/// <remarks>Spec: https://onnx.ai/onnx/operators/onnx__Mish.html · Types: f32, f64 · Opsets: 18 introduced it; 22 added bfloat16.</remarks>
internal sealed class Mish : UnaryFunctionOperator
{
    public Mish()
        : base("Mish", new DelegateFunction("Mish", 1, "mish({0})")
        {
            Real = static x => double.IsNegativeInfinity(x[0]) ? -0.0 : x[0] * Math.Tanh(ReferenceMath.Softplus(x[0])),
            Float = static (simd, x) => simd.Math("Mish", x[0]),
            Double = static x => $"double.IsNegativeInfinity({x[0]}) ? -0d : {x[0]} * DoubleMath.Tanh(global::System.Math.Max({x[0]}, 0d) + DoubleMath.Log(1d + DoubleMath.Exp(-global::System.Math.Abs({x[0]}))))",
        })
    {
    }

    public override int Since => 18;
}
