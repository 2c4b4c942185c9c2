using System.Collections.Generic;
using AotCompiler.Ir;

namespace AotCompiler.Operators.Reduction;

/// <summary>ReduceLogSum: the logarithm of the sum along the axes, ln Σ x.</summary>
/// <remarks>Spec: https://onnx.ai/onnx/operators/onnx__ReduceLogSum.html · Types: f32, f64 · Opsets: 11 allowed negative axes; 18 made axes an input with noop_with_empty_axes.</remarks>
internal sealed class ReduceLogSum : ReduceOperator
{
    public ReduceLogSum()
        : base("ReduceLogSum")
    {
    }

    protected override IReadOnlyList<ElementType> AllowedTypes => TypeSets.Floats;

    protected override ReductionFunction Function => ReductionFunction.LogSum;
}
