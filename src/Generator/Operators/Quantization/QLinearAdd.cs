
namespace AotCompiler.Operators.Quantization;

/// <summary>QLinearAdd: the quantised sum of two tensors that broadcast.</summary>
/// <remarks>Spec: https://github.com/microsoft/onnxruntime/blob/main/docs/ContribOperators.md#com.microsoft.QLinearAdd · Types: u8, i8.</remarks>
internal sealed class QLinearAdd : QuantizedBinaryOperator
{
    public QLinearAdd()
        : base("QLinearAdd", "Add", nameof(UnroundedSum))
    {
    }

    protected override (string Name, object Value)[] Attributes((float Scale, float Zero) a, (float Scale, float Zero) b, (float Scale, float Zero) result) =>
        UnroundedSum.Attributes(a, b, result);
}
