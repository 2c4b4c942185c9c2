using System;
using AotCompiler.Emission;
using AotCompiler.Ir;

namespace AotCompiler.Operators.Elementwise;

/// <summary>Relu: y = max(0, x), element-wise; NaN stays NaN.</summary>
/// <remarks>Spec: https://onnx.ai/onnx/operators/onnx__Relu.html · Types: f32, f64, signed integers · Opsets: 6 dropped consumed_inputs; 14 added integers.</remarks>
internal sealed class Relu : ElementwiseOperator
{
    private static readonly UnaryFunction _function = new(
        "Relu",
        "max(0, {0})",
        static x => x < 0 ? 0 : x,
        static (simd, x) => simd.IsScalar ? $"({x} < 0f ? 0f : {x})" : $"{simd.Class}.MaxNative({simd.Zero}, {x})",
        isCheap: true,
        evaluateInteger: static x => Math.Max(0, x),
        emitOther: static (type, x) => $"({x} < 0 ? ({type.CSharpName()})0 : {x})");

    public Relu()
        : base("Relu")
    {
    }

    public override (int Min, int Max) InputCount => (1, 1);

    protected override System.Collections.Generic.IReadOnlyList<ElementType> AllowedTypes => TypeSets.Numbers;

    public override ElementFunction Function(Node node) => _function;
}
