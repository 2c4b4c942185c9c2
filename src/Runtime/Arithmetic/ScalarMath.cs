using System;
using System.Runtime.CompilerServices;

namespace AotCompiler.Runtime;

/// <summary>
/// Arithmetic on single numbers that C# operators would throw in or take from the C library: defined for all arguments,
/// in integer instructions only. Called by generated code.
/// </summary>
public static class ScalarMath
{
    /// <summary>Quotient towards zero; 0 for a zero divisor, wrapped for the one quotient that does not fit.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static long Divide(long dividend, long divisor)
        => divisor == 0 ? 0 : divisor == -1 ? unchecked(-dividend) : dividend / divisor;

    /// <summary>Remainder with the sign of the dividend; 0 for a zero divisor.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static long Remainder(long dividend, long divisor)
        => divisor == 0 || divisor == -1 ? 0 : dividend % divisor;

    /// <summary>Remainder with the sign of the divisor, as in Python; 0 for a zero divisor.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static long Modulo(long dividend, long divisor)
    {
        long remainder = Remainder(dividend, divisor);
        return remainder != 0 && (remainder ^ divisor) < 0 ? remainder + divisor : remainder;
    }

    /// <summary>Integer power by squaring, wrapped; a negative exponent gives the truncated reciprocal (0 for base 0).</summary>
    public static long Power(long x, long exponent)
    {
        if (exponent < 0)
        {
            return x == 1 ? 1 : x == -1 ? 1 - (2 * (exponent & 1)) : 0;
        }

        long result = 1;
        while (exponent != 0)
        {
            if ((exponent & 1) != 0)
            {
                result = unchecked(result * x);
            }

            x = unchecked(x * x);
            exponent >>= 1;
        }

        return result;
    }

    /// <summary>x - y·trunc(x / y), exact, with the sign of x, as C's fmodf: NaN for infinite x, zero y or NaN; x for infinite y.</summary>
    public static float Remainder(float x, float y)
    {
        uint dividend = BitConverter.SingleToUInt32Bits(x);
        uint divisor = BitConverter.SingleToUInt32Bits(y) & 0x7FFFFFFF;
        uint sign = dividend & 0x80000000;
        dividend &= 0x7FFFFFFF;
        if (divisor == 0 || divisor > 0x7F800000 || dividend >= 0x7F800000)
        {
            return float.NaN;
        }

        // Magnitudes order as their bits do.
        if (dividend < divisor)
        {
            return x;
        }

        ulong remainder = Reduce(Significand(dividend, 23), Exponent(dividend, 23), Significand(divisor, 23), Exponent(divisor, 23), 40);
        return BitConverter.UInt32BitsToSingle(sign | (uint)Compose(remainder, Exponent(divisor, 23), 23));
    }

    /// <inheritdoc cref="Remainder(float, float)"/>
    public static double Remainder(double x, double y)
    {
        ulong dividend = BitConverter.DoubleToUInt64Bits(x);
        ulong divisor = BitConverter.DoubleToUInt64Bits(y) & 0x7FFFFFFFFFFFFFFF;
        ulong sign = dividend & 0x8000000000000000;
        dividend &= 0x7FFFFFFFFFFFFFFF;
        if (divisor == 0 || divisor > 0x7FF0000000000000 || dividend >= 0x7FF0000000000000)
        {
            return double.NaN;
        }

        if (dividend < divisor)
        {
            return x;
        }

        ulong remainder = Reduce(Significand(dividend, 52), Exponent(dividend, 52), Significand(divisor, 52), Exponent(divisor, 52), 11);
        return BitConverter.UInt64BitsToDouble(sign | Compose(remainder, Exponent(divisor, 52), 52));
    }

    // Biased exponent; subnormal numbers share that of the smallest normal ones.
    private static int Exponent(ulong magnitude, int fractionBits)
    {
        int exponent = (int)(magnitude >> fractionBits);
        return exponent == 0 ? 1 : exponent;
    }

    private static ulong Significand(ulong magnitude, int fractionBits)
    {
        ulong fraction = magnitude & ((1UL << fractionBits) - 1);
        return magnitude >> fractionBits == 0 ? fraction : fraction | (1UL << fractionBits);
    }

    // (dividend · 2^(dividendExponent - divisorExponent)) mod divisor, as many bits at a time as fit 64.
    private static ulong Reduce(ulong dividend, int dividendExponent, ulong divisor, int divisorExponent, int spareBits)
    {
        ulong remainder = dividend % divisor;
        int shift = dividendExponent - divisorExponent;
        while (shift > 0 && remainder != 0)
        {
            int step = shift < spareBits ? shift : spareBits;
            remainder = (remainder << step) % divisor;
            shift -= step;
        }

        return remainder;
    }

    // The bits of significand · 2^exponent, the significand being below 2^(fractionBits + 1).
    private static ulong Compose(ulong significand, int exponent, int fractionBits)
    {
        if (significand == 0)
        {
            return 0;
        }

        while (significand >> fractionBits == 0 && exponent > 1)
        {
            significand <<= 1;
            exponent--;
        }

        return significand >> fractionBits == 0 ? significand : ((ulong)exponent << fractionBits) | (significand & ((1UL << fractionBits) - 1));
    }
}
