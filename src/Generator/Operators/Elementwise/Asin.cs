using System;
using AotCompiler.Ir;

namespace AotCompiler.Operators.Elementwise;

/// <summary>Asin: the inverse sine in radians; NaN outside [-1, 1].</summary>
/// <remarks>Spec: https://onnx.ai/onnx/operators/onnx__Asin.html · Types: f32, f64 · Opsets: 7 introduced it; 22 added bfloat16.</remarks>
internal sealed class Asin : UnaryFunctionOperator
{
    public Asin()
        : base("Asin", DelegateFunction.FromVectorMath("Asin", "asin({0})", Math.Asin))
    {
    }

    public override int Since => 7;
}
