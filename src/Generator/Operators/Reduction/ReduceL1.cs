namespace AotCompiler.Operators.Reduction;

/// <summary>ReduceL1: the sum of magnitudes along the axes, Σ |x|.</summary>
/// <remarks>Spec: https://onnx.ai/onnx/operators/onnx__ReduceL1.html · Types: f32, f64, integers · Opsets: 11 allowed negative axes; 18 made axes an input with noop_with_empty_axes.</remarks>
internal sealed class ReduceL1 : ReduceOperator
{
    public ReduceL1()
        : base("ReduceL1")
    {
    }

    protected override ReductionFunction Function => ReductionFunction.L1;
}
