namespace AotCompiler.Operators.Quantization;

/// <summary>com.microsoft's QuantizeLinear, which had types of 16 and 4 bits before the standard's <see cref="QuantizeLinear"/> and is otherwise the same.</summary>
/// <remarks>Spec: https://github.com/microsoft/onnxruntime/blob/main/docs/ContribOperators.md#com.microsoft.QuantizeLinear.</remarks>
internal sealed class MicrosoftQuantizeLinear : QuantizeOperator
{
    public MicrosoftQuantizeLinear()
        : base("com.microsoft")
    {
    }
}
