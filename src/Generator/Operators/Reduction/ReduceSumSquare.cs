namespace AotCompiler.Operators.Reduction;

/// <summary>ReduceSumSquare: the sum of squares along the axes, Σ x².</summary>
/// <remarks>Spec: https://onnx.ai/onnx/operators/onnx__ReduceSumSquare.html · Types: f32, f64, integers · Opsets: 11 allowed negative axes; 18 made axes an input with noop_with_empty_axes.</remarks>
internal sealed class ReduceSumSquare : ReduceOperator
{
    public ReduceSumSquare()
        : base("ReduceSumSquare")
    {
    }

    protected override ReductionFunction Function => ReductionFunction.SumSquare;
}
