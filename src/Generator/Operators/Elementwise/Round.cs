using System;
using AotCompiler.Ir;

namespace AotCompiler.Operators.Elementwise;

/// <summary>Round: the nearest integer, ties to even.</summary>
/// <remarks>Spec: https://onnx.ai/onnx/operators/onnx__Round.html · Types: f32, f64 · Opsets: 11 introduced it; 22 added bfloat16.</remarks>
internal sealed class Round : UnaryFunctionOperator
{
    public Round()
        : base("Round", DelegateFunction.FromVectorMath("RoundHalfEven", "round({0})", Math.Round, "Round"))
    {
    }

    public override int Since => 11;
}
