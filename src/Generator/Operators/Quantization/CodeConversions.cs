using System.Linq;
using AotCompiler.Ir;

namespace AotCompiler.Operators.Quantization;

/// <summary>Codes and real numbers in expressions.</summary>
internal static class CodeConversions
{
    /// <summary>Real numbers of codes. Scale and zero point are one number, or one for each index of an axis of the codes.</summary>
    public static Value Dequantize(this Composer compose, Value codes, Value scale, Value? zeroPoint, int axis = 0) => compose.Op(
        "DequantizeLinear", codes, Along(compose, scale, codes.Shape, axis), zeroPoint is null ? null : Along(compose, zeroPoint, codes.Shape, axis));

    /// <summary>Codes of real numbers. Scale and zero point are one number, or one for each index of an axis.</summary>
    public static Value Quantize(this Composer compose, Value reals, Value scale, Value? zeroPoint, ElementType codes, int axis = 0) => compose.Op(
        "QuantizeLinear",
        new[] { reals, Along(compose, scale, reals.Shape, axis), zeroPoint is null ? null : Along(compose, zeroPoint, reals.Shape, axis) },
        ("output_dtype", (long)codes));

    /// <summary>A parameter in a shape that broadcasts along an axis.</summary>
    private static Value Along(Composer compose, Value parameter, Shape shape, int axis)
    {
        if (parameter.Shape.ElementCount == 1)
        {
            return compose.Reshape(parameter);
        }

        return parameter.Shape.Rank == 1
            ? compose.Reshape(parameter, Enumerable.Repeat(1L, shape.Rank - axis).Select((one, i) => i == 0 ? parameter.Shape[0] : one).ToArray())
            : parameter;
    }
}
