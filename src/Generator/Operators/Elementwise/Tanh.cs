using System;
using AotCompiler.Ir;

namespace AotCompiler.Operators.Elementwise;

/// <summary>Tanh: the hyperbolic tangent.</summary>
/// <remarks>Spec: https://onnx.ai/onnx/operators/onnx__Tanh.html · Types: f32, f64 · Opsets: 6 dropped consumed_inputs; 13 added bfloat16.</remarks>
internal sealed class Tanh : UnaryFunctionOperator
{
    public Tanh()
        : base("Tanh", DelegateFunction.FromVectorMath("Tanh", "tanh({0})", Math.Tanh, doubles: true))
    {
    }
}
