namespace AotCompiler.Operators.Reduction;

/// <summary>ArgMin: the position of the smallest element along an axis.</summary>
/// <remarks>Spec: https://onnx.ai/onnx/operators/onnx__ArgMin.html · Types: f32, f64, integers · Opsets: 11 allowed negative axes; 12 added select_last_index.</remarks>
internal sealed class ArgMin : ArgOperator
{
    public ArgMin()
        : base("ArgMin", largest: false)
    {
    }
}
