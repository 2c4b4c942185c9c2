using System.Collections.Generic;
using AotCompiler.Ir;

namespace AotCompiler.Operators.Reduction;

/// <summary>ReduceLogSum: the logarithm of the sum along the axes, ln Σ x.</summary>
/// <remarks>Spec: https://onnx.ai/onnx/operators/onnx__ReduceLogSum.html · Types: floating point, i32, i64, u32 and u64 by way of f64, truncated · Opsets: 11 allowed negative axes; 18 made axes an input with noop_with_empty_axes.</remarks>
internal sealed class ReduceLogSum : ReduceOperator
{
    public ReduceLogSum()
        : base("ReduceLogSum")
    {
    }

    protected override IReadOnlyList<ElementType> AllowedTypes => TypeSets.Floats;

    public override ElementType? ComputesIn(Node node) =>
        node.Required(0).Type is ElementType.Int32 or ElementType.Int64 or ElementType.UInt32 or ElementType.UInt64 ? ElementType.Float64 : null;

    protected override ReductionFunction Function => ReductionFunction.LogSum;
}
