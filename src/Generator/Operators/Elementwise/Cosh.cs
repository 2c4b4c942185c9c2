using System;
using AotCompiler.Ir;

namespace AotCompiler.Operators.Elementwise;

/// <summary>Cosh: the hyperbolic cosine.</summary>
/// <remarks>Spec: https://onnx.ai/onnx/operators/onnx__Cosh.html · Types: f32, f64 · Opsets: 9 introduced it; 22 added bfloat16.</remarks>
internal sealed class Cosh : UnaryFunctionOperator
{
    public Cosh()
        : base("Cosh", DelegateFunction.FromVectorMath("Cosh", "cosh({0})", Math.Cosh))
    {
    }

    public override int Since => 9;
}
