using System;
using AotCompiler.Emission;
using AotCompiler.Ir;

namespace AotCompiler.Operators.Elementwise;

/// <summary>HardSigmoid: y = max(0, min(1, alpha · x + beta)).</summary>
/// <remarks>Spec: https://onnx.ai/onnx/operators/onnx__HardSigmoid.html · Types: f32, f64 · Opsets: 6 dropped consumed_inputs; 22 added bfloat16.</remarks>
internal sealed class HardSigmoid : UnaryOperator
{
    public HardSigmoid()
        : base("HardSigmoid")
    {
    }

    public override ElementFunction Function(Node node)
    {
        float alpha = node.Attributes.Float("alpha", 0.2f);
        float beta = node.Attributes.Float("beta", 0.5f);
        return new DelegateFunction($"HardSigmoid({alpha:R},{beta:R})", 1, $"max(0, min(1, {alpha:R} · {{0}} + {beta:R}))")
        {
            Real = x => Math.Max(0, Math.Min(1, (alpha * x[0]) + beta)),
            Float = (simd, x) => simd.AtMost(simd.Constant(1), simd.AtLeast(simd.Zero, simd.MultiplyAdd(x[0], simd.Constant(alpha), simd.Constant(beta)))),
            Double = x => $"global::System.Math.Max(0d, global::System.Math.Min(1d, ({Literal.Of((double)alpha)} * {x[0]}) + {Literal.Of((double)beta)}))",
            Cheap = true,
        };
    }
}
