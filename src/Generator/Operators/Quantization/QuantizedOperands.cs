using System.Collections.Generic;
using AotCompiler.Diagnostics;
using AotCompiler.Ir;

namespace AotCompiler.Operators.Quantization;

/// <summary>Checks of the scales and zero points of quantised operators.</summary>
internal static class QuantizedOperands
{
    private static readonly ElementType[] _bytes = { ElementType.UInt8, ElementType.Int8 };

    /// <summary>The codes of products since opset 21: integers and floats of 8 bits.</summary>
    public static ElementType[] ProductCodes { get; } =
    {
        ElementType.UInt8, ElementType.Int8, ElementType.Float8E4M3FN, ElementType.Float8E4M3FNUZ, ElementType.Float8E5M2, ElementType.Float8E5M2FNUZ,
    };

    /// <summary>Fails unless an input is codes (of <paramref name="types"/>, by default 8-bit integers) with one scale and one zero point, or one for each of so many channels.</summary>
    public static void Check(InferContext context, int data, int scale, int zeroPoint, int channels = 1, ElementType[]? types = null)
    {
        context.RequireType(data, types ?? _bytes);
        context.RequireType(scale, ElementType.Float32, ElementType.Float16, ElementType.BFloat16);
        RequireCount(context, scale, channels);
        if (context.Has(zeroPoint))
        {
            RequireCount(context, zeroPoint, channels);
            if (context.Type(zeroPoint) != context.Type(data))
            {
                throw context.Fail(DiagnosticCodes.ShapeMismatch, $"input {zeroPoint}, a zero point, must have the type {context.Type(data).ShortName()} of its codes");
            }
        }
    }

    /// <summary>Fails unless the result's scale and zero point are one number each, the zero point of the given type.</summary>
    public static void CheckResult(InferContext context, int scale, int zeroPoint, ElementType type)
    {
        context.RequireType(scale, ElementType.Float32, ElementType.Float16, ElementType.BFloat16);
        RequireCount(context, scale, 1);
        if (context.Has(zeroPoint))
        {
            RequireCount(context, zeroPoint, 1);
            if (context.Type(zeroPoint) != type)
            {
                throw context.Fail(DiagnosticCodes.ShapeMismatch, $"input {zeroPoint}, a zero point, must have the type {type.ShortName()}");
            }
        }
    }

    /// <summary>Fails unless an input has one element, or one for each of so many channels.</summary>
    public static void RequireCount(InferContext context, int input, int channels)
    {
        Shape shape = context.Shape(input);
        if (shape.ElementCount != 1 && !(shape.Rank == 1 && shape[0] == channels))
        {
            throw context.Fail(DiagnosticCodes.ShapeMismatch, $"input {input} {shape} must be one number{(channels > 1 ? $" or {channels}" : string.Empty)}");
        }
    }
}
