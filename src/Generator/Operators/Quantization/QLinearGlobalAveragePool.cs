using System;
using System.Collections.Generic;
using System.Linq;
using AotCompiler.Diagnostics;
using AotCompiler.Ir;

namespace AotCompiler.Operators.Quantization;

/// <summary>QLinearGlobalAveragePool: the quantised mean of each channel; channels come second, or last with <c>channels_last</c>.</summary>
/// <remarks>Spec: https://github.com/microsoft/onnxruntime/blob/main/docs/ContribOperators.md#com.microsoft.QLinearGlobalAveragePool · Types: u8, i8.</remarks>
internal sealed class QLinearGlobalAveragePool : QuantizedUnaryOperator
{
    /// <summary>Elements of a channel from which on f32 does not hold all sums of codes.</summary>
    private const long MostElements = (1 << 24) / byte.MaxValue;

    public QLinearGlobalAveragePool()
        : base("QLinearGlobalAveragePool")
    {
    }

    /// <summary>As ONNX Runtime's kernel does: codes are added as integers, and the sum has one factor, scale / (result's scale · elements).</summary>
    protected override Value Codes(Node node, Composer compose)
    {
        Value x = node.Required(0);
        int rank = x.Shape.Rank;
        long elements = x.Shape.ElementCount / Math.Max(1, x.Shape.Product(0, 1) * (long)x.Shape[node.Attributes.Flag("channels_last", false) ? rank - 1 : 1]);
        if (x.Shape.IsDynamic || rank < 3 || elements is 0 or >= MostElements)
        {
            return base.Codes(node, compose);
        }

        int first = node.Attributes.Flag("channels_last", false) ? 1 : 2;
        long[] axes = Enumerable.Range(first, rank - 2).Select(static a => (long)a).ToArray();
        Value sum = compose.Reduce("ReduceSum", compose.Dequantize(x, compose.Scalar(1), node.Input(InputZeroPoint)), keep: true, axes);
        Value divisor = GraphRewriter.Fold(compose.Mul(compose.Reshape(node.Required(OutputScale)), compose.Scalar(elements)));
        Value factor = GraphRewriter.Fold(compose.Div(compose.Reshape(node.Required(1)), divisor));
        Value code = compose.Op(OperatorRegistry.Get(nameof(Rescale), InternalDomain), new[] { sum, factor });
        return compose.Quantize(code, compose.Scalar(1), node.Input(OutputZeroPoint), x.Type);
    }

    protected override Value Function(Node node, Value x, Composer compose)
    {
        bool last = node.Attributes.Flag("channels_last", false);
        Value result = compose.Op("GlobalAveragePool", last ? ChannelOrder.ToFirst(x, compose) : x);
        return last ? ChannelOrder.ToLast(result, compose) : result;
    }
}
