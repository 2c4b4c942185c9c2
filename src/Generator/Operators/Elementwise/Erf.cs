using AotCompiler.Ir;

namespace AotCompiler.Operators.Elementwise;

/// <summary>Erf: the error function 2/√π · ∫₀ˣ e^(-t²) dt.</summary>
/// <remarks>Spec: https://onnx.ai/onnx/operators/onnx__Erf.html · Types: all numbers; of integers the results are truncated · Opsets: 9 introduced it; 13 added bfloat16.</remarks>
internal sealed class Erf : UnaryFunctionOperator
{
    public Erf()
        : base("Erf", new DelegateFunction("Erf", 1, "erf({0})")
        {
            Real = static x => ReferenceMath.Erf(x[0]),
            Float = static (simd, x) => simd.Math("Erf", x[0]),
            Double = static x => $"DoubleMath.Erf({x[0]})",
        })
    {
    }

    public override int Since => 9;

    /// <summary>In f32 the result would be 1 for numbers from 4 on, which is truncated to 0 up to 5.</summary>
    public override ElementType? ComputesIn(Node node) => TypeSets.RealOf(node.Required(0).Type) is null ? null : ElementType.Float64;
}
