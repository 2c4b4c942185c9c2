using System;
using AotCompiler.Ir;

namespace AotCompiler.Operators.Elementwise;

/// <summary>Log: y = ln x; NaN below zero.</summary>
/// <remarks>Spec: https://onnx.ai/onnx/operators/onnx__Log.html · Types: f32, f64 · Opsets: 6 dropped consumed_inputs; 13 added bfloat16.</remarks>
internal sealed class Log : UnaryFunctionOperator
{
    public Log()
        : base("Log", DelegateFunction.FromVectorMath("Log", "ln({0})", Math.Log))
    {
    }
}
