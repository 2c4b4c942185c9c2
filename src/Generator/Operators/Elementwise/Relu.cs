using System;
using System.Collections.Generic;
using AotCompiler.Ir;

namespace AotCompiler.Operators.Elementwise;

/// <summary>Relu: y = max(0, x), element-wise; NaN stays NaN.</summary>
/// <remarks>Spec: https://onnx.ai/onnx/operators/onnx__Relu.html · Types: f32, f64, signed integers · Opsets: 6 dropped consumed_inputs; 14 added integers.</remarks>
internal sealed class Relu : UnaryFunctionOperator
{
    public Relu()
        : base("Relu", new DelegateFunction("Relu", 1, "max(0, {0})")
        {
            Real = static x => x[0] < 0 ? 0 : x[0],
            Integer = static x => Math.Max(0, x[0]),
            Float = static (simd, x) => simd.AtLeast(simd.Zero, x[0]),
            Native = static (lanes, types, x) => types[0] switch
            {
                ElementType.Float32 => lanes.Simd.AtLeast(lanes.Simd.Zero, x[0]),
                ElementType.Float64 => $"{lanes.Class}.ConditionalSelect({lanes.Class}.LessThan({x[0]}, {lanes.Zero(types[0])}), {lanes.Zero(types[0])}, {x[0]})",
                _ => $"{lanes.Class}.Max({x[0]}, {lanes.Zero(types[0])})",
            },
            Other = static (type, x) => $"({x[0]} < 0 ? ({type.CSharpName()})0 : {x[0]})",
            Cheap = true,
        })
    {
    }

    protected override IReadOnlyList<ElementType> AllowedTypes => TypeSets.SignedNumbers;
}
