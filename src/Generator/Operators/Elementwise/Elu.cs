using AotCompiler.Emission;
using AotCompiler.Ir;

namespace AotCompiler.Operators.Elementwise;

/// <summary>Elu: y = alpha · (eˣ - 1) below zero, x elsewhere.</summary>
/// <remarks>Spec: https://onnx.ai/onnx/operators/onnx__Elu.html · Types: f32, f64 · Opsets: 6 dropped consumed_inputs; 22 added bfloat16.</remarks>
internal sealed class Elu : UnaryOperator
{
    public Elu()
        : base("Elu")
    {
    }

    public override ElementFunction Function(Node node)
    {
        float alpha = node.Attributes.Float("alpha", 1);
        return new DelegateFunction($"Elu({alpha:R})", 1, $"elu({{0}}, {alpha:R})")
        {
            Real = x => x[0] < 0 ? alpha * ReferenceMath.Expm1(x[0]) : x[0],
            Float = (simd, x) => simd.Math("Elu", x[0], simd.Constant(alpha)),
            Double = x => $"({x[0]} < 0 ? {Literal.Of((double)alpha)} * (DoubleMath.Exp({x[0]}) - 1d) : {x[0]})",
        };
    }
}
