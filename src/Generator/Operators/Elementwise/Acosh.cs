using AotCompiler.Ir;

namespace AotCompiler.Operators.Elementwise;

/// <summary>Acosh: the inverse hyperbolic cosine; NaN below 1.</summary>
/// <remarks>Spec: https://onnx.ai/onnx/operators/onnx__Acosh.html · Types: f32, f64 · Opsets: 9 introduced it; 22 added bfloat16.</remarks>
internal sealed class Acosh : UnaryFunctionOperator
{
    public Acosh()
        : base("Acosh", DelegateFunction.FromVectorMath("Acosh", "acosh({0})", ReferenceMath.Acosh))
    {
    }

    public override int Since => 9;
}
