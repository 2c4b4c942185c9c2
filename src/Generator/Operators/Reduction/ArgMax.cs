namespace AotCompiler.Operators.Reduction;

/// <summary>ArgMax: the position of the largest element along an axis.</summary>
/// <remarks>Spec: https://onnx.ai/onnx/operators/onnx__ArgMax.html · Types: f32, f64, integers · Opsets: 11 allowed negative axes; 12 added select_last_index.</remarks>
internal sealed class ArgMax : ArgOperator
{
    public ArgMax()
        : base("ArgMax", largest: true)
    {
    }
}
