using System;
using System.Runtime;

namespace Internal.Runtime.CompilerHelpers;

/// <summary>
/// 64-bit arithmetic that 32-bit processors have no instructions for: the compiler calls these by symbol. Integers only, so that
/// they run on processors without 64-bit floats too.
/// </summary>
internal static class LongArithmetic
{
    private const int SingleFraction = 23;
    private const int DoubleFraction = 52;

    [RuntimeExport("RhpLLsh")]
    private static ulong ShiftLeft(ulong value, int count)
    {
        uint low = (uint)value;
        uint high = (uint)(value >> 32);
        count &= 63;
        if (count >= 32)
        {
            return (ulong)(low << (count - 32)) << 32;
        }

        return count == 0 ? value : ((ulong)((high << count) | (low >> (32 - count))) << 32) | (low << count);
    }

    [RuntimeExport("RhpLRsz")]
    private static ulong ShiftRightLogical(ulong value, int count)
    {
        uint low = (uint)value;
        uint high = (uint)(value >> 32);
        count &= 63;
        if (count >= 32)
        {
            return high >> (count - 32);
        }

        return count == 0 ? value : ((ulong)(high >> count) << 32) | ((low >> count) | (high << (32 - count)));
    }

    [RuntimeExport("RhpLRsh")]
    private static long ShiftRightArithmetic(long value, int count)
    {
        uint low = (uint)value;
        int high = (int)(value >> 32);
        count &= 63;
        if (count >= 32)
        {
            return high >> (count - 32);
        }

        return count == 0 ? value : ((long)(high >> count) << 32) | ((low >> count) | ((uint)high << (32 - count)));
    }

    [RuntimeExport("RhpLMul")]
    private static ulong Multiply(ulong left, ulong right)
    {
        uint cross = ((uint)(left >> 32) * (uint)right) + ((uint)left * (uint)(right >> 32));
        return ((ulong)(uint)left * (uint)right) + ((ulong)cross << 32);
    }

    [RuntimeExport("RhpLng2Flt")]
    private static float ToSingle(long value)
    {
        uint bits = (uint)Round(value < 0 ? (ulong)-value : (ulong)value, SingleFraction, 127);
        return BitConverter.UInt32BitsToSingle(value < 0 ? bits | 0x80000000 : bits);
    }

    [RuntimeExport("RhpULng2Flt")]
    private static float ToSingle(ulong value) => BitConverter.UInt32BitsToSingle((uint)Round(value, SingleFraction, 127));

    [RuntimeExport("RhpLng2Dbl")]
    private static double ToDouble(long value)
    {
        ulong bits = Round(value < 0 ? (ulong)-value : (ulong)value, DoubleFraction, 1023);
        return BitConverter.UInt64BitsToDouble(value < 0 ? bits | 0x8000000000000000 : bits);
    }

    [RuntimeExport("RhpULng2Dbl")]
    private static double ToDouble(ulong value) => BitConverter.UInt64BitsToDouble(Round(value, DoubleFraction, 1023));

    /// <summary>Towards zero; what does not fit becomes the nearest number, NaN 0.</summary>
    [RuntimeExport("RhpDbl2Lng")]
    private static long ToInt64(double value)
    {
        ulong bits = BitConverter.DoubleToUInt64Bits(value);
        ulong magnitude = Truncate(bits, out bool isTooLarge);
        bool isNegative = (bits & 0x8000000000000000) != 0;
        if (isTooLarge || magnitude > long.MaxValue)
        {
            return IsNaN(bits) ? 0 : isNegative ? long.MinValue : long.MaxValue;
        }

        return isNegative ? -(long)magnitude : (long)magnitude;
    }

    /// <inheritdoc cref="ToInt64(double)"/>
    [RuntimeExport("RhpDbl2ULng")]
    private static ulong ToUInt64(double value)
    {
        ulong bits = BitConverter.DoubleToUInt64Bits(value);
        ulong magnitude = Truncate(bits, out bool isTooLarge);
        return IsNaN(bits) || (bits & 0x8000000000000000) != 0 ? 0 : isTooLarge ? ulong.MaxValue : magnitude;
    }

    private static bool IsNaN(ulong bits) => (bits & 0x7FFFFFFFFFFFFFFF) > 0x7FF0000000000000;

    /// <summary>The integer part of a double's magnitude.</summary>
    private static ulong Truncate(ulong bits, out bool isTooLarge)
    {
        int exponent = ((int)(bits >> 52) & 0x7FF) - 1075;
        ulong significand = (bits & 0x000FFFFFFFFFFFFF) | 0x0010000000000000;
        isTooLarge = exponent > 11;
        return isTooLarge || exponent < -DoubleFraction ? 0 : exponent >= 0 ? ShiftLeft(significand, exponent) : ShiftRightLogical(significand, -exponent);
    }

    /// <summary>The bits of the floating-point number nearest to an integer, ties to even.</summary>
    private static ulong Round(ulong value, int fractionBits, int bias)
    {
        if (value == 0)
        {
            return 0;
        }

        int top = 63;
        for (ulong rest = value; (long)rest > 0; rest += rest)
        {
            top--;
        }

        ulong significand = top <= fractionBits ? ShiftLeft(value, fractionBits - top) : ShiftRightLogical(value, top - fractionBits);
        ulong one = ShiftLeft(1, fractionBits);
        if (top > fractionBits)
        {
            ulong lost = value - ShiftLeft(significand, top - fractionBits);
            ulong half = ShiftLeft(1, top - fractionBits - 1);
            significand += lost > half || (lost == half && (significand & 1) != 0) ? 1UL : 0;
        }

        // A carry out of the significand is one more in the exponent, as it should be.
        return ShiftLeft((uint)(top + bias), fractionBits) + (significand - one);
    }
}
