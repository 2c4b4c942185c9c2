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

    protected override Value Function(Node node, Value x, Expansion expansion)
    {
        bool last = node.Attributes.Flag("channels_last", false);
        Value result = expansion.Add("GlobalAveragePool", last ? ChannelOrder.ToFirst(x, expansion) : x);
        return last ? ChannelOrder.ToLast(result, expansion) : result;
    }
}
