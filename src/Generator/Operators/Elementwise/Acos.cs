using System;
using AotCompiler.Ir;

namespace AotCompiler.Operators.Elementwise;

/// <summary>Acos: the inverse cosine in radians; NaN outside [-1, 1].</summary>
/// <remarks>Spec: https://onnx.ai/onnx/operators/onnx__Acos.html · Types: f32, f64 · Opsets: 7 introduced it; 22 added bfloat16.</remarks>
internal sealed class Acos : UnaryFunctionOperator
{
    public Acos()
        : base("Acos", DelegateFunction.FromVectorMath("Acos", "acos({0})", Math.Acos))
    {
    }

    public override int Since => 7;
}
