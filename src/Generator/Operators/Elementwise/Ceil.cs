using System;
using AotCompiler.Ir;

namespace AotCompiler.Operators.Elementwise;

/// <summary>Ceil: the smallest integer not below x.</summary>
/// <remarks>Spec: https://onnx.ai/onnx/operators/onnx__Ceil.html · Types: f32, f64 · Opsets: 6 dropped consumed_inputs; 13 added bfloat16.</remarks>
internal sealed class Ceil : UnaryFunctionOperator
{
    public Ceil()
        : base("Ceil", DelegateFunction.FromVectorMath("Ceiling", "⌈{0}⌉", Math.Ceiling, "Ceiling"))
    {
    }
}
