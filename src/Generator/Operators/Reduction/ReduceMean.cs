namespace AotCompiler.Operators.Reduction;

/// <summary>ReduceMean: the mean along the axes, Σ x / n; integers are truncated towards zero.</summary>
/// <remarks>Spec: https://onnx.ai/onnx/operators/onnx__ReduceMean.html · Types: f32, f64, integers · Opsets: 11 allowed negative axes; 13 added bfloat16; 18 made axes an input with noop_with_empty_axes.</remarks>
internal sealed class ReduceMean : ReduceOperator
{
    public ReduceMean()
        : base("ReduceMean")
    {
    }

    protected override ReductionFunction Function => ReductionFunction.Mean;
}
