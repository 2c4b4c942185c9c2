using System;

namespace AotCompiler.Runtime;

// Range reduction of angles for which parts of π/2 do not reach.
public static partial class DoubleMath
{
    // 2/π · 2^-64: a word of zeros, which the least offsets reach into, and the bits.
    private static ReadOnlySpan<ulong> TwoOverPiWords => new ulong[]
    {
        0,
        0xA2F9836E4E441529, 0xFC2757D1F534DDC0, 0xDB6295993C439041,
        0xFE5163ABDEBBC561, 0xB7246E3A424DD2E0, 0x06492EEA09D1921C,
        0xFE1DEB1CB129A73E, 0xE88235F52EBB4484, 0xE99C7026B45F7E41,
        0x3991D639835339F4, 0x9C845F8BBDF9283B, 0x1FF897FFDE05980F,
        0xEF2F118B5A0A6D1F, 0x6D367ECF27CB09B7, 0x4F463F669E5FEA2D,
        0x7527BAC7EBE5F17B, 0x3D0739F78A5292EA, 0x6BFB5FB11F8D5D08,
        0x56033046FC7B6BAB, 0xF0CFBC209AF4361D,
    };

    /// <summary>x − k·π/2 as a sum of two numbers, with k modulo 4 (Payne and Hanek's method); NaN for ±∞ and NaN.</summary>
    /// <remarks>
    /// x = m·2^e. Only the bits of 2/π whose weight times 2^e lies below 4 matter, as multiples of 4 do not change the quadrant;
    /// 192 of them times the 53 bits of m leave 2^−137 of a quadrant, and no double is nearer than 2^−62 to a multiple of π/2.
    /// </remarks>
    private static double ReduceLargeAngle(double x, out double low, out int quadrant)
    {
        ulong bits = BitConverter.DoubleToUInt64Bits(x);
        int exponent = (int)(bits >> 52) & 0x7FF;
        low = 0;
        quadrant = 0;
        if (exponent == 0x7FF)
        {
            return double.NaN;
        }

        // From this bit of the table on it holds the fraction of 2^e·(2/π)/4.
        int offset = exponent - 1075 + 62;
        ulong mantissa = (bits & 0x000FFFFFFFFFFFFF) | 0x0010000000000000;
        ulong middle = MultiplyHigh(mantissa, TwoOverPiBits(offset + 128));
        ulong product = mantissa * TwoOverPiBits(offset + 64);
        ulong top = (mantissa * TwoOverPiBits(offset)) + MultiplyHigh(mantissa, TwoOverPiBits(offset + 64));
        middle += product;
        top += middle < product ? 1UL : 0;

        // The top two bits are the quadrant; the rest, rounded to the nearest quadrant, is a signed fraction of one.
        int k = (int)((top + (1UL << 61)) >> 62);
        top = (top << 2) | (middle >> 62);
        middle <<= 2;
        bool isBelow = (long)top < 0;
        if (isBelow)
        {
            middle = ~middle + 1;
            top = ~top + (middle == 0 ? 1UL : 0);
        }

        double r = TimesHalfPi(top, middle, out low);
        bool isNegative = isBelow != x < 0;
        quadrant = x < 0 ? -k : k;
        low = isNegative ? -low : low;
        return isNegative ? -r : r;
    }

    /// <summary>A fraction of 128 bits times π/2.</summary>
    private static double TimesHalfPi(ulong top, ulong middle, out double low)
    {
        // Parts of 32 bits are exact; they are added from the largest on.
        double sum = (uint)(top >> 32) * PowerOfTwo(-32);
        double rest = 0;
        Accumulate((uint)top * PowerOfTwo(-64), ref sum, ref rest);
        Accumulate((uint)(middle >> 32) * PowerOfTwo(-96), ref sum, ref rest);
        Accumulate((uint)middle * PowerOfTwo(-128), ref sum, ref rest);
        double product = sum * HalfPi;
        double error = ProductError(sum, HalfPi, product) + (sum * HalfPiLow) + (rest * HalfPi);
        double high = product + error;
        low = (product - high) + error;
        return high;
    }

    private static void Accumulate(double part, ref double sum, ref double rest)
    {
        double next = sum + part;
        rest += SumError(sum, part, next);
        sum = next;
    }

    private static ulong TwoOverPiBits(int offset)
    {
        int word = offset >> 6;
        int shift = offset & 63;
        ulong first = TwoOverPiWords[word];
        return shift == 0 ? first : (first << shift) | (TwoOverPiWords[word + 1] >> (64 - shift));
    }

    /// <summary>The upper 64 bits of a product.</summary>
    private static ulong MultiplyHigh(ulong a, ulong b)
    {
        ulong aLow = (uint)a;
        ulong aHigh = a >> 32;
        ulong bLow = (uint)b;
        ulong bHigh = b >> 32;
        ulong cross = (aHigh * bLow) + ((aLow * bLow) >> 32);
        ulong other = (aLow * bHigh) + (uint)cross;
        return (aHigh * bHigh) + (cross >> 32) + (other >> 32);
    }
}
