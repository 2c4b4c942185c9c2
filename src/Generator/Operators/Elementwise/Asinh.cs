using AotCompiler.Ir;

namespace AotCompiler.Operators.Elementwise;

/// <summary>Asinh: the inverse hyperbolic sine.</summary>
/// <remarks>Spec: https://onnx.ai/onnx/operators/onnx__Asinh.html · Types: f32, f64 · Opsets: 9 introduced it; 22 added bfloat16.</remarks>
internal sealed class Asinh : UnaryFunctionOperator
{
    public Asinh()
        : base("Asinh", DelegateFunction.FromVectorMath("Asinh", "asinh({0})", ReferenceMath.Asinh))
    {
    }

    public override int Since => 9;
}
