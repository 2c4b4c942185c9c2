namespace AotCompiler.Operators.Elementwise;

/// <summary>Less: a &lt; b, element by element, with multidirectional broadcasting.</summary>
/// <remarks>Spec: https://onnx.ai/onnx/operators/onnx__Less.html · Types: f32, f64, integers · Opsets: 7 replaced the broadcast attribute; 9 added integers.</remarks>
internal sealed class Less : ComparisonOperator
{
    public Less()
        : base("Less", "<", "LessThan", "<", static (a, b) => a < b, static order => order < 0)
    {
    }
}
