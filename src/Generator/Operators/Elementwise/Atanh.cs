using AotCompiler.Ir;

namespace AotCompiler.Operators.Elementwise;

/// <summary>Atanh: the inverse hyperbolic tangent; NaN outside [-1, 1].</summary>
/// <remarks>Spec: https://onnx.ai/onnx/operators/onnx__Atanh.html · Types: f32, f64 · Opsets: 9 introduced it; 22 added bfloat16.</remarks>
internal sealed class Atanh : UnaryFunctionOperator
{
    public Atanh()
        : base("Atanh", DelegateFunction.FromVectorMath("Atanh", "atanh({0})", ReferenceMath.Atanh))
    {
    }

    public override int Since => 9;
}
