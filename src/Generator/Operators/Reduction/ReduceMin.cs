using System.Collections.Generic;
using AotCompiler.Ir;

namespace AotCompiler.Operators.Reduction;

/// <summary>ReduceMin: the smallest element along the axes, min x; NaN wins.</summary>
/// <remarks>Spec: https://onnx.ai/onnx/operators/onnx__ReduceMin.html · Types: f32, f64, integers, bool · Opsets: 11 allowed negative axes; 12 added 8-bit integers; 18 made axes an input with noop_with_empty_axes; 20 added bool.</remarks>
internal sealed class ReduceMin : ReduceOperator
{
    public ReduceMin()
        : base("ReduceMin")
    {
    }

    protected override IReadOnlyList<ElementType> AllowedTypes => TypeSets.All;

    protected override ReductionFunction Function => ReductionFunction.Min;
}
