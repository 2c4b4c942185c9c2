using System.Collections.Generic;
using AotCompiler.Diagnostics;
using AotCompiler.Ir;

namespace AotCompiler.Operators.Quantization;

/// <summary>QLinearLeakyRelu: quantised, x where it is not negative, alpha · x elsewhere.</summary>
/// <remarks>Spec: https://github.com/microsoft/onnxruntime/blob/main/docs/ContribOperators.md#com.microsoft.QLinearLeakyRelu · Types: u8, i8.</remarks>
internal sealed class QLinearLeakyRelu : QuantizedUnaryOperator
{
    public QLinearLeakyRelu()
        : base("QLinearLeakyRelu")
    {
    }

    protected override Value Function(Node node, Value x, Composer compose) => compose.Like("LeakyRelu", new[] { "alpha" }, x);
}
