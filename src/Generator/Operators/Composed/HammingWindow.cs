namespace AotCompiler.Operators.Composed;

/// <summary>HammingWindow: 25/46 - 21/46 · cos(2πn/N).</summary>
/// <remarks>Spec: https://onnx.ai/onnx/operators/onnx__HammingWindow.html.</remarks>
internal sealed class HammingWindow : WindowFunction
{
    public HammingWindow()
        : base("HammingWindow")
    {
    }

    protected override (double A0, double A1, double A2) Coefficients => (25.0 / 46, 21.0 / 46, 0);
}
