namespace AotCompiler.Operators.Elementwise;

/// <summary>Max: the largest of the inputs, element by element, with multidirectional broadcasting.</summary>
/// <remarks>Spec: https://onnx.ai/onnx/operators/onnx__Max.html · Types: f32, f64, integers · Opsets: 6 dropped consumed_inputs; 8 added broadcasting; 12 integers.</remarks>
internal sealed class Max : ExtremumOperator
{
    public Max()
        : base("Max", largest: true)
    {
    }
}
