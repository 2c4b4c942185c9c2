using System.Collections.Generic;
using AotCompiler.Diagnostics;
using AotCompiler.Ir;

namespace AotCompiler.Operators.Quantization;

/// <summary>QLinearConv: the quantised convolution of codes. The weights' scale and zero point are one number, or one for each output channel; the bias is i32 in units of x scale · w scale.</summary>
/// <remarks>Spec: https://onnx.ai/onnx/operators/onnx__QLinearConv.html · Types: u8, i8.</remarks>
internal sealed class QLinearConv : ComposedOperator
{
    private const int Bias = 8;

    public QLinearConv()
        : base("QLinearConv")
    {
    }

    public override (int Min, int Max) InputCount => (8, 9);

    public override int Since => 10;

    public override bool RoundsToCodes => true;

    public override void Infer(InferContext context)
    {
        Shape w = context.Shape(3);
        int channels = w.Rank > 0 ? w[0] : 0;
        QuantizedOperands.Check(context, 0, 1, 2);
        QuantizedOperands.Check(context, 3, 4, 5, channels);
        context.RequireType(7, ElementType.UInt8, ElementType.Int8);
        QuantizedOperands.CheckResult(context, 6, 7, context.Type(7));
        if (context.Has(Bias))
        {
            context.RequireType(Bias, ElementType.Int32);
            if (context.Shape(Bias).Rank != 1 || context.Shape(Bias)[0] != channels)
            {
                throw context.Fail(DiagnosticCodes.ShapeMismatch, $"the bias must be [{channels}]");
            }
        }
    }

    protected override bool HandlesRunTimeSize(Node node, int input, int axis) => node.Required(input).Shape.Rank > 1;

    protected override void Compose(Node node, Composer compose)
    {
        Value x = compose.Dequantize(node.Required(0), node.Required(1), node.Input(2));
        Value w = compose.Dequantize(node.Required(3), node.Required(4), node.Input(5));
        Value? bias = null;
        if (node.Input(Bias) is { } codes)
        {
            Value scale = GraphRewriter.Fold(compose.Op("Mul", compose.Reshape(node.Required(1)), node.Required(4)));
            bias = compose.Dequantize(codes, scale, null);
        }

        Value real = compose.Like("Conv", QuantizedConvolution.Attributes, bias is null ? new[] { x, w } : new[] { x, w, bias });
        compose.Return(compose.Quantize(real, node.Required(6), node.Input(7), node.Required(7).Type));
    }
}
