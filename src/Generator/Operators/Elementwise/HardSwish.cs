using System;
using AotCompiler.Ir;

namespace AotCompiler.Operators.Elementwise;

/// <summary>HardSwish: y = x · min(1, max(0, x / 6 + ½)).</summary>
/// <remarks>Spec: https://onnx.ai/onnx/operators/onnx__HardSwish.html · Types: f32, f64 · Opsets: 14 introduced it; 22 added bfloat16.</remarks>
internal sealed class HardSwish : UnaryFunctionOperator
{
    public HardSwish()
        : base("HardSwish", new DelegateFunction("HardSwish", 1, "hardswish({0})")
        {
            Real = static x => x[0] * Math.Max(0, Math.Min(1, (x[0] / 6) + 0.5)),
            Float = static (simd, x) => $"{x[0]} * {simd.AtMost(simd.Constant(1), simd.AtLeast(simd.Zero, simd.MultiplyAdd(x[0], simd.Constant(1f / 6), simd.Constant(0.5f))))}",
            Double = static x => $"{x[0]} * global::System.Math.Max(0d, global::System.Math.Min(1d, ({x[0]} / 6d) + 0.5d))",
            Cheap = true,
        })
    {
    }

    public override int Since => 14;
}
