namespace AotCompiler.Operators.Reduction;

/// <summary>ReduceL2: the Euclidean norm along the axes, √Σ x².</summary>
/// <remarks>Spec: https://onnx.ai/onnx/operators/onnx__ReduceL2.html · Types: f32, f64, integers · Opsets: 11 allowed negative axes; 18 made axes an input with noop_with_empty_axes.</remarks>
internal sealed class ReduceL2 : ReduceOperator
{
    public ReduceL2()
        : base("ReduceL2")
    {
    }

    protected override ReductionFunction Function => ReductionFunction.L2;
}
