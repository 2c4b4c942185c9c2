using AotCompiler.Emission;
using AotCompiler.Ir;

namespace AotCompiler.Operators.Elementwise;

/// <summary>LeakyRelu: y = alpha · x below zero, x elsewhere.</summary>
/// <remarks>Spec: https://onnx.ai/onnx/operators/onnx__LeakyRelu.html · Types: f32, f64 · Opsets: 6 dropped consumed_inputs; 16 added bfloat16.</remarks>
internal sealed class LeakyRelu : UnaryOperator
{
    public LeakyRelu()
        : base("LeakyRelu")
    {
    }

    public override ElementFunction Function(Node node)
    {
        float alpha = node.Attributes.Float("alpha", 0.01f);
        return new DelegateFunction($"LeakyRelu({alpha:R})", 1, $"leakyrelu({{0}}, {alpha:R})")
        {
            Real = x => x[0] < 0 ? alpha * x[0] : x[0],
            Float = (simd, x) => EmitFloat(simd, x[0], alpha),
            Double = x => $"({x[0]} < 0 ? {Literal.Of((double)alpha)} * {x[0]} : {x[0]})",
            Cheap = true,
        };
    }

    // For 0 < alpha ≤ 1 the branch is the larger of the two: one instruction less than a comparison and a blend.
    private static string EmitFloat(Simd simd, string x, float alpha)
    {
        string scaled = $"{x} * {simd.Constant(alpha)}";
        return !simd.IsScalar && alpha is > 0 and <= 1
            ? $"{simd.Class}.MaxNative({scaled}, {x})"
            : simd.Select(simd.Less(x, simd.Zero), scaled, x);
    }
}
