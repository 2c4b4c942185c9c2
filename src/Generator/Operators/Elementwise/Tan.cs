using System;
using AotCompiler.Ir;

namespace AotCompiler.Operators.Elementwise;

/// <summary>Tan: the tangent of x in radians.</summary>
/// <remarks>Spec: https://onnx.ai/onnx/operators/onnx__Tan.html · Types: f32, f64 · Opsets: 7 introduced it; 22 added bfloat16.</remarks>
internal sealed class Tan : UnaryFunctionOperator
{
    public Tan()
        : base("Tan", DelegateFunction.FromVectorMath("Tan", "tan({0})", Math.Tan))
    {
    }

    public override int Since => 7;
}
