using AotCompiler.Emission;
using AotCompiler.Ir;

namespace AotCompiler.Operators.Elementwise;

/// <summary>Swish: y = x · sigmoid(alpha · x); SiLU for alpha = 1.</summary>
/// <remarks>Spec: https://onnx.ai/onnx/operators/onnx__Swish.html · Types: f32, f64 · Opsets: 24 introduced it.</remarks>
internal sealed class Swish : UnaryOperator
{
    public Swish()
        : base("Swish")
    {
    }

    public override int Since => 24;

    public override ElementFunction Function(Node node)
    {
        float alpha = node.Attributes.Float("alpha", 1);
        string wide = Literal.Of((double)alpha);
        return new DelegateFunction($"Swish({alpha:R})", 1, alpha == 1 ? "silu({0})" : $"swish({{0}}, {alpha:R})")
        {
            Real = x => alpha == 1 && double.IsNegativeInfinity(x[0]) ? -0.0 : x[0] * ReferenceMath.Sigmoid(alpha * x[0]),
            Float = (simd, x) => alpha == 1 ? simd.Math("Silu", x[0]) : $"{x[0]} * {simd.Math("Sigmoid", $"{x[0]} * {simd.Constant(alpha)}")}",
            Double = x => $"{(alpha == 1 ? $"double.IsNegativeInfinity({x[0]}) ? -0d : " : string.Empty)}{x[0]} / (1d + DoubleMath.Exp(-({wide} * {x[0]})))",
        };
    }
}
