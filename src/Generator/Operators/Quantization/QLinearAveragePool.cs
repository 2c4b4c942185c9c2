using System.Collections.Generic;
using AotCompiler.Diagnostics;
using AotCompiler.Ir;

namespace AotCompiler.Operators.Quantization;

/// <summary>QLinearAveragePool: the quantised mean of each window; channels come second, or last with <c>channels_last</c>.</summary>
/// <remarks>Spec: https://github.com/microsoft/onnxruntime/blob/main/docs/ContribOperators.md#com.microsoft.QLinearAveragePool · Types: u8, i8.</remarks>
internal sealed class QLinearAveragePool : QuantizedUnaryOperator
{
    public QLinearAveragePool()
        : base("QLinearAveragePool")
    {
    }

    protected override Value Function(Node node, Value x, Composer compose)
    {
        bool last = node.Attributes.Flag("channels_last", false);
        Value result = compose.Like("AveragePool", new[] { "auto_pad", "ceil_mode", "count_include_pad", "kernel_shape", "pads", "strides" },
            last ? ChannelOrder.ToFirst(x, compose) : x);
        return last ? ChannelOrder.ToLast(result, compose) : result;
    }
}
