using AotCompiler.Emission;
using AotCompiler.Ir;

namespace AotCompiler.Operators.Elementwise;

/// <summary>Selu: y = gamma · alpha · (eˣ - 1) at and below zero, gamma · x above.</summary>
/// <remarks>
/// Spec: https://onnx.ai/onnx/operators/onnx__Selu.html · Types: f32, f64 · Opsets: 1 has rounder defaults (1.6732, 1.0507);
/// 6 dropped consumed_inputs; 22 added bfloat16.
/// </remarks>
internal sealed class Selu : UnaryOperator
{
    private const float DefaultAlpha = 1.67326319217681884765625f;
    private const float DefaultGamma = 1.05070102214813232421875f;

    public Selu()
        : base("Selu")
    {
    }

    public override void Upgrade(UpgradeContext context)
    {
        base.Upgrade(context);
        if (context.Opset < 6)
        {
            context.Attributes.Set("alpha", context.Attributes.Float("alpha", 1.6732f));
            context.Attributes.Set("gamma", context.Attributes.Float("gamma", 1.0507f));
        }
    }

    public override ElementFunction Function(Node node)
    {
        float alpha = node.Attributes.Float("alpha", DefaultAlpha);
        float gamma = node.Attributes.Float("gamma", DefaultGamma);
        return new DelegateFunction($"Selu({alpha:R},{gamma:R})", 1, $"selu({{0}}, {alpha:R}, {gamma:R})")
        {
            Real = x => gamma * (x[0] <= 0 ? alpha * ReferenceMath.Expm1(x[0]) : x[0]),
            Float = (simd, x) => alpha == DefaultAlpha && gamma == DefaultGamma
                ? simd.Math("Selu", x[0])
                : simd.Math("Selu", x[0], simd.Constant(alpha), simd.Constant(gamma)),
            Double = x => $"{Literal.Of((double)gamma)} * ({x[0]} <= 0 ? {Literal.Of((double)alpha)} * (DoubleMath.Exp({x[0]}) - 1d) : {x[0]})",
        };
    }
}
