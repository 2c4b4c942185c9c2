using System;
using System.Collections.Generic;
using AotCompiler.Ir;

namespace AotCompiler.Operators.Elementwise;

/// <summary>Abs: y = |x|; the smallest integer stays.</summary>
/// <remarks>Spec: https://onnx.ai/onnx/operators/onnx__Abs.html · Types: f32, f64, integers · Opsets: 6 dropped consumed_inputs; 13 added bfloat16.</remarks>
internal sealed class Abs : UnaryFunctionOperator
{
    public Abs()
        : base("Abs", new DelegateFunction("Abs", 1, "|{0}|")
        {
            Real = static x => Math.Abs(x[0]),
            Integer = static x => x[0] < 0 ? unchecked(-x[0]) : x[0],
            Unsigned = static x => x[0],
            Float = static (simd, x) => simd.Abs(x[0]),
            Doubles = static (simd, x) => simd.Abs(x[0]),
            Double = static x => $"global::System.Math.Abs({x[0]})",
            Native = static (lanes, types, x) => types[0].IsUnsigned() ? x[0] : $"{lanes.Class}.Abs({x[0]})",
            Other = static (type, x) => type.IsUnsigned() ? x[0] : $"({x[0]} < 0 ? ({type.CSharpName()})(-{x[0]}) : {x[0]})",
            Cheap = true,
        })
    {
    }

    protected override IReadOnlyList<ElementType> AllowedTypes => TypeSets.Numbers;
}
