namespace AotCompiler.Operators.Composed;

/// <summary>BlackmanWindow: 0.42 - 0.5 · cos(2πn/N) + 0.08 · cos(4πn/N).</summary>
/// <remarks>Spec: https://onnx.ai/onnx/operators/onnx__BlackmanWindow.html.</remarks>
internal sealed class BlackmanWindow : WindowFunction
{
    public BlackmanWindow()
        : base("BlackmanWindow")
    {
    }

    protected override (double A0, double A1, double A2) Coefficients => (0.42, 0.5, 0.08);
}
