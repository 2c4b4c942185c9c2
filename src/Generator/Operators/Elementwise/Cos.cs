using System;
using AotCompiler.Ir;

namespace AotCompiler.Operators.Elementwise;

/// <summary>Cos: the cosine of x in radians.</summary>
/// <remarks>Spec: https://onnx.ai/onnx/operators/onnx__Cos.html · Types: f32, f64 · Opsets: 7 introduced it; 22 added bfloat16.</remarks>
internal sealed class Cos : UnaryFunctionOperator
{
    public Cos()
        : base("Cos", DelegateFunction.FromVectorMath("Cos", "cos({0})", Math.Cos))
    {
    }

    public override int Since => 7;
}
