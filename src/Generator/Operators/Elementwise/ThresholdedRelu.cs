using AotCompiler.Emission;
using AotCompiler.Ir;

namespace AotCompiler.Operators.Elementwise;

/// <summary>ThresholdedRelu: y = x above alpha, 0 elsewhere; NaN stays NaN.</summary>
/// <remarks>Spec: https://onnx.ai/onnx/operators/onnx__ThresholdedRelu.html · Types: f32, f64 · Opsets: 10 made the experimental operator standard; 22 added bfloat16.</remarks>
internal sealed class ThresholdedRelu : UnaryOperator
{
    public ThresholdedRelu()
        : base("ThresholdedRelu")
    {
    }

    public override ElementFunction Function(Node node)
    {
        float alpha = node.Attributes.Float("alpha", 1);
        return new DelegateFunction($"ThresholdedRelu({alpha:R})", 1, $"{{0}} ≤ {alpha:R} ? 0 : {{0}}")
        {
            Real = x => x[0] <= alpha ? 0 : x[0],
            Float = (simd, x) => simd.Select(simd.LessOrEqual(x[0], simd.Constant(alpha)), simd.Zero, x[0]),
            Double = x => $"({x[0]} <= {Literal.Of((double)alpha)} ? 0d : {x[0]})",
            Cheap = true,
        };
    }
}
