using System;
using System.Collections.Generic;
using System.Linq;
using AotCompiler.Diagnostics;
using AotCompiler.Ir;

namespace AotCompiler.Operators.Quantization;

/// <summary>QLinearMatMul: the quantised product of two matrices of codes. Scales are one number each, or one for each column of b or each row of a.</summary>
/// <remarks>Spec: https://onnx.ai/onnx/operators/onnx__QLinearMatMul.html · Types: u8, i8, f8 · Opsets: 21 added f8 codes, and f16 and bf16 scales.</remarks>
internal sealed class QLinearMatMul : ComposedOperator
{
    public QLinearMatMul()
        : base("QLinearMatMul")
    {
    }

    public override (int Min, int Max) InputCount => (8, 8);

    public override int Since => 10;

    public override bool RoundsToCodes => true;

    public override void Infer(InferContext context)
    {
        Shape a = context.Shape(0);
        Shape b = context.Shape(3);
        Linear.MatrixShape shape = Linear.MatrixShape.Of(a, b)
            ?? throw context.Fail(DiagnosticCodes.ShapeMismatch, "the inner dimensions differ, the batch dimensions do not broadcast, or an input is a scalar");
        QuantizedOperands.Check(context, 0, 1, 2, a.Rank > 1 ? shape.M : 1, QuantizedOperands.ProductCodes);
        QuantizedOperands.Check(context, 3, 4, 5, b.Rank > 1 ? shape.N : 1, QuantizedOperands.ProductCodes);
        context.RequireType(7, QuantizedOperands.ProductCodes);
        QuantizedOperands.CheckResult(context, 6, 7, context.Type(7));
        context.SetOutput(0, context.Type(7), context.MakeShape(shape.Output.Select(static d => (long)d)));
    }

    protected override bool HandlesRunTimeSize(Node node, int input, int axis) => node.Required(input).Shape.Rank > 1;

    protected override void Compose(Node node, Composer compose)
    {
        Value a = node.Required(0);
        Value b = node.Required(3);
        (Value leftScale, Value rightScale, Value resultScale) = Scales(node, compose);
        Value left = compose.Dequantize(a, leftScale, node.Input(2), Math.Max(0, a.Shape.Rank - 2));
        Value right = compose.Dequantize(b, rightScale, node.Input(5), Math.Max(0, b.Shape.Rank - 1));
        compose.Return(compose.Quantize(compose.Op("MatMul", left, right), resultScale, node.Input(7), node.Required(7).Type));
    }

    /// <summary>
    /// The scales of a, b and the result in f32. Narrower ones become one factor in their own type, a · b / result, as the reference has them;
    /// the sums of products, which that type could not hold, are multiplied by it.
    /// </summary>
    private static (Value Left, Value Right, Value Result) Scales(Node node, Composer compose)
    {
        (Value a, Value b, Value result) = (node.Required(1), node.Required(4), node.Required(6));
        if (a.Type == ElementType.Float32)
        {
            return (a, b, result);
        }

        (bool hasRows, bool hasColumns) = (a.Shape.ElementCount > 1, b.Shape.ElementCount > 1);
        if (hasRows && hasColumns)
        {
            return (compose.Cast(a, ElementType.Float32), compose.Cast(b, ElementType.Float32), compose.Cast(result, ElementType.Float32));
        }

        Value Flat(Value scale) => scale.Shape.ElementCount == 1 ? compose.Reshape(scale) : scale;
        Value factor = compose.Cast(compose.Div(compose.Mul(Flat(a), Flat(b)), Flat(result)), ElementType.Float32);
        Value one = compose.Scalar(1f);
        return (hasRows ? factor : one, hasRows ? one : factor, one);
    }
}
