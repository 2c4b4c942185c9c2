using System.Collections.Generic;
using AotCompiler.Diagnostics;
using AotCompiler.Ir;

namespace AotCompiler.Operators.Quantization;

/// <summary>QLinearSigmoid: the quantised 1 / (1 + e⁻ˣ).</summary>
/// <remarks>Spec: https://github.com/microsoft/onnxruntime/blob/main/docs/ContribOperators.md#com.microsoft.QLinearSigmoid · Types: u8, i8.</remarks>
internal sealed class QLinearSigmoid : QuantizedUnaryOperator
{
    public QLinearSigmoid()
        : base("QLinearSigmoid")
    {
    }

    protected override Value Function(Node node, Value x, Composer compose) => compose.Op("Sigmoid", x);
}
