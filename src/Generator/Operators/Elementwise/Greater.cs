namespace AotCompiler.Operators.Elementwise;

/// <summary>Greater: a &gt; b, element by element, with multidirectional broadcasting.</summary>
/// <remarks>Spec: https://onnx.ai/onnx/operators/onnx__Greater.html · Types: f32, f64, integers · Opsets: 7 replaced the broadcast attribute; 9 added integers.</remarks>
internal sealed class Greater : ComparisonOperator
{
    public Greater()
        : base("Greater", ">", "GreaterThan", ">", static (a, b) => a > b, static order => order > 0)
    {
    }
}
