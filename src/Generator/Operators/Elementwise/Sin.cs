using System;
using AotCompiler.Ir;

namespace AotCompiler.Operators.Elementwise;

/// <summary>Sin: the sine of x in radians.</summary>
/// <remarks>Spec: https://onnx.ai/onnx/operators/onnx__Sin.html · Types: f32, f64 · Opsets: 7 introduced it; 22 added bfloat16.</remarks>
internal sealed class Sin : UnaryFunctionOperator
{
    public Sin()
        : base("Sin", DelegateFunction.FromVectorMath("Sin", "sin({0})", Math.Sin))
    {
    }

    public override int Since => 7;
}
