namespace AotCompiler.Operators.Elementwise;

/// <summary>GreaterOrEqual: a ≥ b, element by element, with multidirectional broadcasting.</summary>
/// <remarks>Spec: https://onnx.ai/onnx/operators/onnx__GreaterOrEqual.html · Types: f32, f64, integers · Opsets: 12 introduced it; 16 added bfloat16.</remarks>
internal sealed class GreaterOrEqual : ComparisonOperator
{
    public GreaterOrEqual()
        : base("GreaterOrEqual", ">=", "GreaterThanOrEqual", "≥", static (a, b) => a >= b, static order => order >= 0)
    {
    }

    public override int Since => 12;
}
