using AotCompiler.Emission;
using AotCompiler.Ir;

namespace AotCompiler.Operators.Elementwise;

/// <summary>Celu: y = alpha · (e^(x / alpha) - 1) below zero, x elsewhere.</summary>
/// <remarks>Spec: https://onnx.ai/onnx/operators/onnx__Celu.html · Types: f32, f64 · Opsets: 12 introduced it.</remarks>
internal sealed class Celu : UnaryOperator
{
    public Celu()
        : base("Celu")
    {
    }

    public override int Since => 12;

    public override ElementFunction Function(Node node)
    {
        float alpha = node.Attributes.Float("alpha", 1);
        string wide = Literal.Of((double)alpha);
        return new DelegateFunction($"Celu({alpha:R})", 1, $"celu({{0}}, {alpha:R})")
        {
            Real = x => x[0] < 0 ? alpha * ReferenceMath.Expm1(x[0] / alpha) : x[0],
            Float = (simd, x) => simd.Select(
                simd.Less(x[0], simd.Zero),
                $"{simd.Constant(alpha)} * {simd.Math("Expm1", $"{x[0]} / {simd.Constant(alpha)}")}",
                x[0]),
            Double = x => $"({x[0]} < 0 ? {wide} * (DoubleMath.Exp({x[0]} / {wide}) - 1d) : {x[0]})",
        };
    }
}
