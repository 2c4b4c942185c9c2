using System;
using System.Collections.Generic;
using AotCompiler.Diagnostics;
using AotCompiler.Ir;

namespace AotCompiler.Operators.Quantization;

/// <summary>Exact products of centred codes: whole numbers in f32 as long as no sum can be too large for it, else of matrices in i32, which wraps as their operators do, and of convolutions in f64.</summary>
internal static class IntegerProduct
{
    /// <summary>Terms up to which every sum of products of two differences of 8-bit codes is a whole number below 2²⁴, which f32 holds exactly.</summary>
    private const long ExactTerms = (1 << 24) / (255 * 255);

    /// <summary>The type in which all sums of so many products are exact.</summary>
    /// <param name="terms">Products of a sum.</param>
    /// <param name="large">The type for sums that f32 may not hold.</param>
    public static ElementType SumType(long terms, ElementType large) => terms <= ExactTerms ? ElementType.Float32 : large;

    /// <summary>Fails unless an input is 8-bit codes with a zero point, or one for each of so many channels.</summary>
    public static void Check(InferContext context, int data, int zeroPoint, int channels)
    {
        context.RequireType(data, ElementType.UInt8, ElementType.Int8);
        if (context.Has(zeroPoint))
        {
            QuantizedOperands.RequireCount(context, zeroPoint, channels);
            context.RequireSameType(data, zeroPoint);
        }
    }

    /// <summary>Checks the operands 0 and 1 of a product and returns the dimensions of the result.</summary>
    public static IReadOnlyList<int> CheckMatrices(InferContext context, int leftZeroPoint, int rightZeroPoint)
    {
        Linear.MatrixShape shape = Linear.MatrixShape.Of(context.Shape(0), context.Shape(1))
            ?? throw context.Fail(DiagnosticCodes.ShapeMismatch, "the inner dimensions differ, the batch dimensions do not broadcast, or an input is a scalar");
        Check(context, 0, leftZeroPoint, context.Shape(0).Rank > 1 ? shape.M : 1);
        Check(context, 1, rightZeroPoint, context.Shape(1).Rank > 1 ? shape.N : 1);
        return shape.Output;
    }

    /// <summary>The product of inputs 0 and 1 without their zero points, in f32 or i32.</summary>
    public static Value MatMul(Node node, int leftZeroPoint, int rightZeroPoint, Composer compose)
    {
        Shape a = node.Required(0).Shape;
        Shape b = node.Required(1).Shape;
        ElementType type = SumType(a[a.Rank - 1], ElementType.Int32);
        Value left = Centred(node, 0, leftZeroPoint, Math.Max(0, a.Rank - 2), type, compose);
        Value right = Centred(node, 1, rightZeroPoint, b.Rank - 1, type, compose);
        return compose.Op("MatMul", left, right);
    }

    /// <summary>Codes minus their zero point, whole numbers.</summary>
    public static Value Centred(Node node, int data, int zeroPoint, int axis, ElementType type, Composer compose) =>
        compose.Cast(compose.Dequantize(node.Required(data), compose.Scalar(1), node.Input(zeroPoint), axis), type);
}
