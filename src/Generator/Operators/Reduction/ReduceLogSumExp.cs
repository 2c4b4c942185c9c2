using System.Collections.Generic;
using AotCompiler.Ir;

namespace AotCompiler.Operators.Reduction;

/// <summary>ReduceLogSumExp: the logarithm of the sum of exponentials along the axes, ln Σ eˣ, computed relative to the largest element.</summary>
/// <remarks>Spec: https://onnx.ai/onnx/operators/onnx__ReduceLogSumExp.html · Types: floating point, i32, i64, u32 and u64 by way of f64, truncated · Opsets: 11 allowed negative axes; 18 made axes an input with noop_with_empty_axes.</remarks>
internal sealed class ReduceLogSumExp : ReduceOperator
{
    public ReduceLogSumExp()
        : base("ReduceLogSumExp")
    {
    }

    protected override IReadOnlyList<ElementType> AllowedTypes => TypeSets.Floats;

    public override ElementType? ComputesIn(Node node) =>
        node.Required(0).Type is ElementType.Int32 or ElementType.Int64 or ElementType.UInt32 or ElementType.UInt64 ? ElementType.Float64 : null;

    protected override ReductionFunction Function => ReductionFunction.LogSumExp;
}
