namespace AotCompiler.Operators.Elementwise;

/// <summary>Min: the smallest of the inputs, element by element, with multidirectional broadcasting.</summary>
/// <remarks>Spec: https://onnx.ai/onnx/operators/onnx__Min.html · Types: f32, f64, integers · Opsets: 6 dropped consumed_inputs; 8 added broadcasting; 12 integers.</remarks>
internal sealed class Min : ExtremumOperator
{
    public Min()
        : base("Min", largest: false)
    {
    }
}
