namespace AotCompiler.Operators.Movement;

/// <summary>Scatter: the name of ScatterElements in opsets 9 and 10.</summary>
/// <remarks>Spec: https://onnx.ai/onnx/operators/onnx__Scatter.html · Types: all; indices i32, i64.</remarks>
internal sealed class Scatter : ElementScatteringOperator
{
    public Scatter()
        : base("Scatter")
    {
    }

    public override int Since => 9;
}
