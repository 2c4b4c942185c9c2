namespace AotCompiler.Operators.Quantization;

/// <summary>com.microsoft's DequantizeLinear, which had types of 16 and 4 bits before the standard's <see cref="DequantizeLinear"/> and is otherwise the same.</summary>
/// <remarks>Spec: https://github.com/microsoft/onnxruntime/blob/main/docs/ContribOperators.md#com.microsoft.DequantizeLinear.</remarks>
internal sealed class MicrosoftDequantizeLinear : DequantizeOperator
{
    public MicrosoftDequantizeLinear()
        : base("com.microsoft")
    {
    }
}
