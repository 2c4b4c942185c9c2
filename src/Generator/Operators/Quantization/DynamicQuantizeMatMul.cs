using System.Collections.Generic;
using System.Linq;
using AotCompiler.Diagnostics;
using AotCompiler.Ir;

namespace AotCompiler.Operators.Quantization;

/// <summary>DynamicQuantizeMatMul: a is quantised to u8 by its range, as <see cref="DynamicQuantizeLinear"/> does, multiplied by the codes b, scaled and biased. Inputs: a, b, b's scale, b's zero point, the bias.</summary>
/// <remarks>Spec: https://github.com/microsoft/onnxruntime/blob/main/docs/ContribOperators.md#com.microsoft.DynamicQuantizeMatMul · Types: f32; b u8, i8.</remarks>
internal sealed class DynamicQuantizeMatMul : ComposedOperator
{
    public DynamicQuantizeMatMul()
        : base("DynamicQuantizeMatMul", "com.microsoft")
    {
    }

    public override (int Min, int Max) InputCount => (3, 5);

    public override bool RoundsToCodes => true;

    public override void Infer(InferContext context)
    {
        context.RequireType(0, ElementType.Float32);
        Linear.MatrixShape shape = Linear.MatrixShape.Of(context.Shape(0), context.Shape(1))
            ?? throw context.Fail(DiagnosticCodes.ShapeMismatch, "the inner dimensions differ, the batch dimensions do not broadcast, or an input is a scalar");
        QuantizedOperands.Check(context, 1, 2, 3, shape.N);
        Shape result = context.MakeShape(shape.Output.Select(static d => (long)d));
        if (context.Has(4) && (context.Type(4) != ElementType.Float32 || !context.Shape(4).BroadcastsTo(result)))
        {
            throw context.Fail(DiagnosticCodes.ShapeMismatch, "the bias must be f32 and broadcast to the result");
        }

        context.SetOutput(0, ElementType.Float32, result);
    }

    protected override bool HandlesRunTimeSize(Node node, int input, int axis) => node.Required(input).Shape.Rank > 1;

    protected override void Compose(Node node, Composer compose)
    {
        (Value codes, Value scale, Value zeroPoint) = DynamicQuantizeLinear.Quantize(node.Required(0), compose);
        Shape a = node.Required(0).Shape;
        Shape b = node.Required(1).Shape;
        ElementType type = IntegerProduct.SumType(a[a.Rank - 1], ElementType.Int32);
        Value left = compose.Cast(compose.Dequantize(codes, compose.Scalar(1), zeroPoint), type);
        Value right = IntegerProduct.Centred(node, 1, 3, b.Rank - 1, type, compose);
        Value product = compose.Cast(compose.Op("MatMul", left, right), ElementType.Float32);
        compose.Return(ScaledProduct.Scale(product, scale, node.Required(2), node.Input(4), compose));
    }
}
