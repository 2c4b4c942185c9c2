using System;
using AotCompiler.Ir;

namespace AotCompiler.Operators.Elementwise;

/// <summary>Exp: y = eˣ.</summary>
/// <remarks>Spec: https://onnx.ai/onnx/operators/onnx__Exp.html · Types: f32, f64 · Opsets: 6 dropped consumed_inputs; 13 added bfloat16.</remarks>
internal sealed class Exp : UnaryFunctionOperator
{
    public Exp()
        : base("Exp", DelegateFunction.FromVectorMath("Exp", "exp({0})", Math.Exp, doubles: true))
    {
    }
}
