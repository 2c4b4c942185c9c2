
namespace AotCompiler.Operators.Quantization;

/// <summary>QLinearMul: the quantised product of two tensors that broadcast.</summary>
/// <remarks>Spec: https://github.com/microsoft/onnxruntime/blob/main/docs/ContribOperators.md#com.microsoft.QLinearMul · Types: u8, i8.</remarks>
internal sealed class QLinearMul : QuantizedBinaryOperator
{
    public QLinearMul()
        : base("QLinearMul", "Mul", nameof(UnroundedProduct))
    {
    }

    protected override (string Name, object Value)[] Attributes((float Scale, float Zero) a, (float Scale, float Zero) b, (float Scale, float Zero) result) =>
        UnroundedProduct.Attributes(a, b, result);
}
