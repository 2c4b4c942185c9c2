using System;
using AotCompiler.Runtime;

namespace AotCompiler.Ir;

/// <summary>Floats of 16 bits and less at compile time.</summary>
internal static class NarrowFloat
{
    /// <summary>The value of a bit pattern.</summary>
    public static double Decode(ElementType type, uint code) => type == ElementType.Float8E8M0 ? FloatFormat.DecodeExponent(code) : Format(type).Decode(code);

    /// <summary>
    /// The bits of the nearest number, ties to even. A double is rounded to f32 first, as the compiled code does, but to f16 at once,
    /// as .NET does. What is too large becomes infinity or NaN. For f8e8m0 the value must be one of the type; others are rounded down.
    /// </summary>
    public static uint Encode(ElementType type, double value) => type switch
    {
        ElementType.Float8E8M0 => FloatFormat.EncodeExponent((float)value, saturate: true, rounding: 1),
        ElementType.Float16 => FloatFormat.Float16.Encode(ToOdd(value)),
        _ => Format(type).Encode((float)value),
    };

    /// <summary>The layout of a type's bits.</summary>
    public static FloatFormat Format(ElementType type) => type switch
    {
        ElementType.Float16 => FloatFormat.Float16,
        ElementType.BFloat16 => FloatFormat.BFloat16,
        ElementType.Float8E4M3FN => FloatFormat.Float8E4M3FN,
        ElementType.Float8E4M3FNUZ => FloatFormat.Float8E4M3FNUZ,
        ElementType.Float8E5M2 => FloatFormat.Float8E5M2,
        ElementType.Float8E5M2FNUZ => FloatFormat.Float8E5M2FNUZ,
        ElementType.Float4E2M1 => FloatFormat.Float4E2M1,
        _ => throw new ArgumentOutOfRangeException(nameof(type), type, "the type is no narrow float"),
    };

    /// <summary>A double as f32, inexact ones with an odd last bit, so that rounding to f16 afterwards is as if it were done at once.</summary>
    private static unsafe float ToOdd(double value)
    {
        float single = (float)value;
        if (single == value || double.IsNaN(value) || float.IsInfinity(single))
        {
            return single;
        }

        uint bits = *(uint*)&single;
        bits -= Math.Abs((double)single) > Math.Abs(value) ? 1u : 0u;
        bits |= 1;
        return *(float*)&bits;
    }
}
