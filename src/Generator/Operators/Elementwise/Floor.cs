using System;
using AotCompiler.Ir;

namespace AotCompiler.Operators.Elementwise;

/// <summary>Floor: the largest integer not above x.</summary>
/// <remarks>Spec: https://onnx.ai/onnx/operators/onnx__Floor.html · Types: f32, f64 · Opsets: 6 dropped consumed_inputs; 13 added bfloat16.</remarks>
internal sealed class Floor : UnaryFunctionOperator
{
    public Floor()
        : base("Floor", DelegateFunction.FromVectorMath("Floor", "⌊{0}⌋", Math.Floor, "Floor"))
    {
    }
}
