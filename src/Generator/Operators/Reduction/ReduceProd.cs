namespace AotCompiler.Operators.Reduction;

/// <summary>ReduceProd: the product along the axes, Π x.</summary>
/// <remarks>Spec: https://onnx.ai/onnx/operators/onnx__ReduceProd.html · Types: f32, f64, integers · Opsets: 11 allowed negative axes; 18 made axes an input with noop_with_empty_axes.</remarks>
internal sealed class ReduceProd : ReduceOperator
{
    public ReduceProd()
        : base("ReduceProd")
    {
    }

    protected override ReductionFunction Function => ReductionFunction.Prod;
}
