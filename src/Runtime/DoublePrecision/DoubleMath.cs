using System;

namespace AotCompiler.Runtime;

/// <summary>
/// Functions of f64 in plain arithmetic: they call no C library, so that their bits are the same on all processors, with
/// NativeAOT's runtime and without any. Called by generated code.
/// </summary>
/// <remarks>
/// Errors are below 2 units in the last place where nothing else is said. Polynomials are Taylor series on intervals where they
/// converge fast; tables and other constants come from <c>eng/vector-math/double.py</c>.
/// </remarks>
public static partial class DoubleMath
{
    private const double Ln2High = 0.6931471803691238;
    private const double Ln2Low = 1.9082149292705877E-10;
    private const double HalfPi = 1.5707963267948966;
    private const double HalfPiLow = 6.123233995736766E-17;

    // Added and subtracted, it leaves the nearest whole number.
    private const double RoundingShift = 6755399441055744.0;

    private static double RoundToWhole(double x) => (x + RoundingShift) - RoundingShift;

    /// <summary>2^<paramref name="exponent"/> for exponents of normal numbers.</summary>
    private static double PowerOfTwo(int exponent) => BitConverter.Int64BitsToDouble((long)(exponent + 1023) << 52);

    /// <summary>x · 2^<paramref name="exponent"/>, rounded once, for x near 1 and exponents from −1080 to 1024.</summary>
    private static double Scale(double x, int exponent) => exponent > 1023 ? x * PowerOfTwo(exponent - 1) * 2
        : exponent < -1021 ? x * PowerOfTwo(exponent + 54) * PowerOfTwo(-54)
        : x * PowerOfTwo(exponent);

    /// <summary>The rounding error of a product: a·b = <paramref name="product"/> + the result, exactly (Dekker).</summary>
    private static double ProductError(double a, double b, double product)
    {
        double aHigh = Upper(a);
        double bHigh = Upper(b);
        double aLow = a - aHigh;
        double bLow = b - bHigh;
        return (((aHigh * bHigh) - product) + (aHigh * bLow) + (aLow * bHigh)) + (aLow * bLow);
    }

    /// <summary>The upper 26 bits.</summary>
    private static double Upper(double x)
    {
        double spread = 134217729.0 * x;
        return spread - (spread - x);
    }

    /// <summary>The rounding error of a sum (Knuth).</summary>
    private static double SumError(double a, double b, double sum)
    {
        double other = sum - a;
        return (a - (sum - other)) + (b - other);
    }
}
