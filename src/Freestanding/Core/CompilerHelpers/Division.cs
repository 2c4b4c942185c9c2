namespace System;

/// <summary>
/// Integer division where the processor has none: the compiler for 32-bit Arm calls these by name for 64-bit numbers. Restoring
/// division, one bit at a time, with neither division nor remainder inside. Divisors are never zero: generated code asks first.
/// </summary>
public static partial class Math
{
    private static ulong DivideUnsigned(ulong dividend, ulong divisor, out ulong remainder)
    {
        ulong quotient = 0;
        ulong rest = 0;
        for (int i = 63; i >= 0; i--)
        {
            rest = (rest << 1) | ((dividend >> i) & 1);
            if (rest >= divisor)
            {
                rest -= divisor;
                quotient |= 1UL << i;
            }
        }

        remainder = rest;
        return quotient;
    }

    private static uint DivideUnsigned(uint dividend, uint divisor, out uint remainder)
    {
        uint quotient = 0;
        uint rest = 0;
        for (int i = 31; i >= 0; i--)
        {
            rest = (rest << 1) | ((dividend >> i) & 1);
            if (rest >= divisor)
            {
                rest -= divisor;
                quotient |= 1u << i;
            }
        }

        remainder = rest;
        return quotient;
    }

    private static ulong Magnitude(long x) => (ulong)(x < 0 ? -x : x);

    private static uint Magnitude(int x) => (uint)(x < 0 ? -x : x);

    private static ulong DivUInt64(ulong dividend, ulong divisor) => DivideUnsigned(dividend, divisor, out _);

    private static ulong ModUInt64(ulong dividend, ulong divisor)
    {
        DivideUnsigned(dividend, divisor, out ulong remainder);
        return remainder;
    }

    private static long DivInt64(long dividend, long divisor)
    {
        long quotient = (long)DivideUnsigned(Magnitude(dividend), Magnitude(divisor), out _);
        return (dividend ^ divisor) < 0 ? -quotient : quotient;
    }

    private static long ModInt64(long dividend, long divisor)
    {
        DivideUnsigned(Magnitude(dividend), Magnitude(divisor), out ulong remainder);
        return dividend < 0 ? -(long)remainder : (long)remainder;
    }

    private static uint DivUInt32(uint dividend, uint divisor) => DivideUnsigned(dividend, divisor, out _);

    private static uint ModUInt32(uint dividend, uint divisor)
    {
        DivideUnsigned(dividend, divisor, out uint remainder);
        return remainder;
    }

    private static int DivInt32(int dividend, int divisor)
    {
        int quotient = (int)DivideUnsigned(Magnitude(dividend), Magnitude(divisor), out _);
        return (dividend ^ divisor) < 0 ? -quotient : quotient;
    }

    private static int ModInt32(int dividend, int divisor)
    {
        DivideUnsigned(Magnitude(dividend), Magnitude(divisor), out uint remainder);
        return dividend < 0 ? -(int)remainder : (int)remainder;
    }
}
