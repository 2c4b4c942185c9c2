namespace AotCompiler.Operators.Composed;

/// <summary>HannWindow: 0.5 - 0.5 · cos(2πn/N).</summary>
/// <remarks>Spec: https://onnx.ai/onnx/operators/onnx__HannWindow.html.</remarks>
internal sealed class HannWindow : WindowFunction
{
    public HannWindow()
        : base("HannWindow")
    {
    }

    protected override (double A0, double A1, double A2) Coefficients => (0.5, 0.5, 0);
}
