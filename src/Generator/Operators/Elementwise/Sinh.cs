using System;
using AotCompiler.Ir;

namespace AotCompiler.Operators.Elementwise;

/// <summary>Sinh: the hyperbolic sine.</summary>
/// <remarks>Spec: https://onnx.ai/onnx/operators/onnx__Sinh.html · Types: f32, f64 · Opsets: 9 introduced it; 22 added bfloat16.</remarks>
internal sealed class Sinh : UnaryFunctionOperator
{
    public Sinh()
        : base("Sinh", DelegateFunction.FromVectorMath("Sinh", "sinh({0})", Math.Sinh))
    {
    }

    public override int Since => 9;
}
