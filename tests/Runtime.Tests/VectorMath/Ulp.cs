using System;

namespace AotCompiler.Runtime.Tests;

/// <summary>Distance of a single-precision result from the exact value, in units in the last place of the exact value.</summary>
internal static class Ulp
{
    private const double TwoTo128 = 340282366920938463463374607431768211456.0;

    // Beyond this the exact value rounds to infinity.
    private const double OverflowThreshold = float.MaxValue + 10141204801825835211973625643008.0;

    /// <summary>0 for the right special value, infinity for a wrong one, else |actual − exact| / ulp(exact).</summary>
    public static double Error(float actual, double exact)
    {
        if (double.IsNaN(exact) || float.IsNaN(actual))
        {
            return double.IsNaN(exact) && float.IsNaN(actual) ? 0 : double.PositiveInfinity;
        }

        if (float.IsInfinity(actual))
        {
            return Math.Abs(exact) >= OverflowThreshold && Math.Sign(exact) == Math.Sign(actual)
                ? 0
                : Difference(actual > 0 ? TwoTo128 : -TwoTo128, exact);
        }

        if (double.IsInfinity(exact))
        {
            return double.PositiveInfinity;
        }

        return Difference(actual, exact);
    }

    private static double Difference(double actual, double exact)
    {
        // The exponent field of 1 / ulp = 2^(23 − e), with e the exponent of the exact value, at least that of denormals.
        int exponent = (int)((BitConverter.DoubleToUInt64Bits(exact) >> 52) & 0x7FF) - 1023;
        exponent = Math.Clamp(exponent, -126, 127);
        return Math.Abs(actual - exact) * BitConverter.UInt64BitsToDouble((ulong)(1023 + 23 - exponent) << 52);
    }
}
