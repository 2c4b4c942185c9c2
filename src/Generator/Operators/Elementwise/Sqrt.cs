using System;
using AotCompiler.Ir;

namespace AotCompiler.Operators.Elementwise;

/// <summary>Sqrt: y = √x; NaN below zero.</summary>
/// <remarks>Spec: https://onnx.ai/onnx/operators/onnx__Sqrt.html · Types: f32, f64 · Opsets: 6 dropped consumed_inputs; 13 added bfloat16.</remarks>
internal sealed class Sqrt : UnaryFunctionOperator
{
    public Sqrt()
        : base("Sqrt", DelegateFunction.FromVectorMath("Sqrt", "√{0}", Math.Sqrt, "Sqrt", doubles: true))
    {
    }
}
