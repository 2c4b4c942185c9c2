using System.Collections.Generic;
using AotCompiler.Diagnostics;
using AotCompiler.Ir;
using AotCompiler.Kernels;

namespace AotCompiler.Operators.Quantization;

/// <summary>QLinearAveragePool: the quantised mean of each window; channels come second, or last with <c>channels_last</c>.</summary>
/// <remarks>Spec: https://github.com/microsoft/onnxruntime/blob/main/docs/ContribOperators.md#com.microsoft.QLinearAveragePool · Types: u8, i8.</remarks>
internal sealed class QLinearAveragePool : QuantizedUnaryOperator
{
    public QLinearAveragePool()
        : base("QLinearAveragePool")
    {
    }

    /// <summary>As ONNX Runtime's kernel does: real numbers are added one after the other, and the zero point before rounding, by which ties go to the same side.</summary>
    protected override Value Codes(Node node, Composer compose)
    {
        Value x = node.Required(0);
        Value mean = Function(node, compose.Dequantize(x, node.Required(1), node.Input(InputZeroPoint)), compose);
        Value code = compose.Div(mean, compose.Reshape(node.Required(OutputScale)));
        if (node.Input(OutputZeroPoint) is { } zeroPoint)
        {
            code = compose.Add(code, GraphRewriter.Fold(compose.Cast(compose.Reshape(zeroPoint), ElementType.Float32)));
        }

        return compose.Quantize(code, compose.Scalar(1), null, x.Type);
    }

    protected override Value Function(Node node, Value x, Composer compose)
    {
        bool last = node.Attributes.Flag("channels_last", false);
        Value result = compose.Like("AveragePool", new[] { "auto_pad", "ceil_mode", "count_include_pad", "kernel_shape", "pads", "strides" },
            last ? ChannelOrder.ToFirst(x, compose) : x);
        result.Producer!.Attributes.Set(PoolStep.InOrder, 1L);
        return last ? ChannelOrder.ToLast(result, compose) : result;
    }
}
