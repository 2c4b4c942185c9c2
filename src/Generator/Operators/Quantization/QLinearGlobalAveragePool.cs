using System.Collections.Generic;
using AotCompiler.Diagnostics;
using AotCompiler.Ir;

namespace AotCompiler.Operators.Quantization;

/// <summary>QLinearGlobalAveragePool: the quantised mean of each channel; channels come second, or last with <c>channels_last</c>.</summary>
/// <remarks>Spec: https://github.com/microsoft/onnxruntime/blob/main/docs/ContribOperators.md#com.microsoft.QLinearGlobalAveragePool · Types: u8, i8.</remarks>
internal sealed class QLinearGlobalAveragePool : QuantizedUnaryOperator
{
    public QLinearGlobalAveragePool()
        : base("QLinearGlobalAveragePool")
    {
    }

    protected override Value Function(Node node, Value x, Composer compose)
    {
        bool last = node.Attributes.Flag("channels_last", false);
        Value result = compose.Op("GlobalAveragePool", last ? ChannelOrder.ToFirst(x, compose) : x);
        return last ? ChannelOrder.ToLast(result, compose) : result;
    }
}
