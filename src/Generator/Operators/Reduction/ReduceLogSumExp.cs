using System.Collections.Generic;
using AotCompiler.Ir;

namespace AotCompiler.Operators.Reduction;

/// <summary>ReduceLogSumExp: the logarithm of the sum of exponentials along the axes, ln Σ eˣ, computed relative to the largest element.</summary>
/// <remarks>Spec: https://onnx.ai/onnx/operators/onnx__ReduceLogSumExp.html · Types: f32, f64 · Opsets: 11 allowed negative axes; 18 made axes an input with noop_with_empty_axes.</remarks>
internal sealed class ReduceLogSumExp : ReduceOperator
{
    public ReduceLogSumExp()
        : base("ReduceLogSumExp")
    {
    }

    protected override IReadOnlyList<ElementType> AllowedTypes => TypeSets.Floats;

    protected override ReductionFunction Function => ReductionFunction.LogSumExp;
}
