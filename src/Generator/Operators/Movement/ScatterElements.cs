namespace AotCompiler.Operators.Movement;

/// <summary>ScatterElements: writes updates to indices along one axis.</summary>
/// <remarks>
/// Spec: https://onnx.ai/onnx/operators/onnx__ScatterElements.html · Types: all; indices i32, i64; reductions not bool · Opsets: 16 added
/// reduction (none, add, mul), 18 min and max.
/// </remarks>
internal sealed class ScatterElements : ElementScatteringOperator
{
    public ScatterElements()
        : base("ScatterElements")
    {
    }

    public override int Since => 11;
}
