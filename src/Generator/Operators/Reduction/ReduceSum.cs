namespace AotCompiler.Operators.Reduction;

/// <summary>ReduceSum: the sum along the axes, Σ x.</summary>
/// <remarks>Spec: https://onnx.ai/onnx/operators/onnx__ReduceSum.html · Types: f32, f64, integers · Opsets: 11 allowed negative axes; 13 made axes an input with noop_with_empty_axes.</remarks>
internal sealed class ReduceSum : ReduceOperator
{
    public ReduceSum()
        : base("ReduceSum")
    {
    }

    protected override ReductionFunction Function => ReductionFunction.Sum;
}
