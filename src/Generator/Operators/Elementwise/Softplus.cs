using AotCompiler.Ir;

namespace AotCompiler.Operators.Elementwise;

/// <summary>Softplus: y = ln(1 + eˣ).</summary>
/// <remarks>Spec: https://onnx.ai/onnx/operators/onnx__Softplus.html · Types: f32, f64 · Opsets: 22 added bfloat16.</remarks>
internal sealed class Softplus : UnaryFunctionOperator
{
    public Softplus()
        : base("Softplus", new DelegateFunction("Softplus", 1, "softplus({0})")
        {
            Real = static x => ReferenceMath.Softplus(x[0]),
            Float = static (simd, x) => simd.Math("Softplus", x[0]),
            Double = static x => $"global::System.Math.Max({x[0]}, 0d) + DoubleMath.Log(1d + DoubleMath.Exp(-global::System.Math.Abs({x[0]})))",
        })
    {
    }
}
