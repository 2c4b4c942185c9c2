using System;
using System.Collections.Generic;
using AotCompiler.Diagnostics;
using AotCompiler.Ir;

namespace AotCompiler.Operators.Quantization;

/// <summary>
/// QGemm: alpha · A' · B' + C of codes, where A' and B' are A and B or their transposes and C is i32 in units of alpha · a scale · b scale;
/// quantised if the result has a scale, else f32.
/// </summary>
/// <remarks>Spec: https://github.com/microsoft/onnxruntime/blob/main/docs/ContribOperators.md#com.microsoft.QGemm · Types: u8, i8.</remarks>
internal sealed class QGemm : ComposedOperator
{
    private const int Bias = 6;
    private const int ResultScale = 7;
    private const int ResultZeroPoint = 8;

    public QGemm()
        : base("QGemm", "com.microsoft")
    {
    }

    public override (int Min, int Max) InputCount => (6, 9);

    public override bool RoundsToCodes => true;

    public override void Infer(InferContext context)
    {
        context.RequireRank(0, 2);
        context.RequireRank(3, 2);
        (int m, int k, int rightK, int n) = Sizes(context.Node);
        if (k != rightK)
        {
            throw context.Fail(DiagnosticCodes.ShapeMismatch, $"the inner dimensions {k} and {rightK} differ");
        }

        QuantizedOperands.Check(context, 0, 1, 2);
        QuantizedOperands.Check(context, 3, 4, 5, n);
        if (context.Has(Bias))
        {
            context.RequireType(Bias, ElementType.Int32);
            if (!context.Shape(Bias).BroadcastsTo(new Shape(m, n)))
            {
                throw context.Fail(DiagnosticCodes.ShapeMismatch, $"C does not broadcast to [{m}, {n}]");
            }
        }

        if (context.Has(ResultScale))
        {
            QuantizedOperands.CheckResult(context, ResultScale, ResultZeroPoint, CodesOf(context.Node));
        }

        context.SetOutput(0, context.Has(ResultScale) ? CodesOf(context.Node) : ElementType.Float32, context.MakeShape(new long[] { m, n }));
    }

    protected override bool HandlesRunTimeSize(Node node, int input, int axis) => node.Required(input).Shape.Rank > 1;

    protected override void Compose(Node node, Composer compose)
    {
        Value b = node.Required(3);
        Value left = compose.Dequantize(node.Required(0), node.Required(1), node.Input(2));
        Value right = compose.Dequantize(b, node.Required(4), node.Input(5), TransB(node) ? 0 : 1);
        Value? bias = null;
        if (node.Input(Bias) is { } codes)
        {
            Value scale = GraphRewriter.Fold(compose.Op("Mul", compose.Reshape(node.Required(1)), compose.Reshape(node.Required(4), (int)node.Required(4).Shape.ElementCount)));
            scale = GraphRewriter.Fold(compose.Op("Mul", scale, compose.Scalar(node.Attributes.Float("alpha", 1))));
            bias = compose.Dequantize(codes, scale, null, Math.Max(0, codes.Shape.Rank - 1));
        }

        Value real = compose.Like("Gemm", new[] { "alpha", "transA", "transB" }, bias is null ? new[] { left, right } : new[] { left, right, bias });
        compose.Return(node.Input(ResultScale) is { } result ? compose.Quantize(real, result, node.Input(ResultZeroPoint), CodesOf(node)) : real);
    }

    private static ElementType CodesOf(Node node) => node.Input(ResultZeroPoint)?.Type ?? node.Required(0).Type;

    private static bool TransB(Node node) => node.Attributes.Flag("transB", false);

    private static (int M, int K, int RightK, int N) Sizes(Node node)
    {
        Shape a = node.Required(0).Shape;
        Shape b = node.Required(3).Shape;
        bool transA = node.Attributes.Flag("transA", false);
        return (transA ? a[1] : a[0], transA ? a[0] : a[1], TransB(node) ? b[1] : b[0], TransB(node) ? b[0] : b[1]);
    }
}
