using System;
using AotCompiler.Ir;

namespace AotCompiler.Operators.Elementwise;

/// <summary>Atan: the inverse tangent in radians.</summary>
/// <remarks>Spec: https://onnx.ai/onnx/operators/onnx__Atan.html · Types: f32, f64 · Opsets: 7 introduced it; 22 added bfloat16.</remarks>
internal sealed class Atan : UnaryFunctionOperator
{
    public Atan()
        : base("Atan", DelegateFunction.FromVectorMath("Atan", "atan({0})", Math.Atan))
    {
    }

    public override int Since => 7;
}
