namespace AotCompiler.Operators.Elementwise;

/// <summary>LessOrEqual: a ≤ b, element by element, with multidirectional broadcasting.</summary>
/// <remarks>Spec: https://onnx.ai/onnx/operators/onnx__LessOrEqual.html · Types: f32, f64, integers · Opsets: 12 introduced it; 16 added bfloat16.</remarks>
internal sealed class LessOrEqual : ComparisonOperator
{
    public LessOrEqual()
        : base("LessOrEqual", "<=", "LessThanOrEqual", "≤", static (a, b) => a <= b, static order => order <= 0)
    {
    }

    public override int Since => 12;
}
