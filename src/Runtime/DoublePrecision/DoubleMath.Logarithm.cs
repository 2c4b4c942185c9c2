using System;

namespace AotCompiler.Runtime;

// The logarithm and what is made of it.
public static partial class DoubleMath
{
    private const double Ln2 = 0.6931471805599453;

    // From here on 1 is below the last place of the square.
    private const double LargeRoot = 268435456;
    private const double SubnormalScale = 18014398509481984;

    /// <summary>ln(x); −∞ for 0, NaN below.</summary>
    public static double Log(double x)
    {
        if (!(x > 0) || double.IsPositiveInfinity(x))
        {
            return x == 0 ? double.NegativeInfinity : x < 0 ? double.NaN : x;
        }

        double f = Mantissa(x, out int k) - 1;
        double s = f / (2 + f);
        double z = s * s;
        double half = 0.5 * f * f;
        return (k * Ln2High) - ((half - ((s * (half + (z * LogarithmSeries(z)))) + (k * Ln2Low))) - f);
    }

    /// <summary>arsinh(x).</summary>
    public static double Asinh(double x)
    {
        double magnitude = x < 0 ? -x : x;
        if (!(magnitude > TinyArgument) || double.IsInfinity(x))
        {
            return x;
        }

        double square = magnitude * magnitude;
        double result = magnitude > LargeRoot ? Log(magnitude) + Ln2
            : magnitude > 2 ? Log((2 * magnitude) + (1 / (Math.Sqrt(square + 1) + magnitude)))
            : Log1p(magnitude + (square / (1 + Math.Sqrt(1 + square))));
        return x < 0 ? -result : result;
    }

    /// <summary>arcosh(x); NaN below 1.</summary>
    public static double Acosh(double x)
    {
        double above = x - 1;
        return !(x >= 1) ? double.NaN
            : x > LargeRoot ? Log(x) + Ln2
            : x > 2 ? Log((2 * x) - (1 / (x + Math.Sqrt((x * x) - 1))))
            : Log1p(above + Math.Sqrt((2 * above) + (above * above)));
    }

    /// <summary>artanh(x); ±∞ at ±1, NaN beyond.</summary>
    public static double Atanh(double x)
    {
        double magnitude = x < 0 ? -x : x;
        if (!(magnitude > TinyArgument))
        {
            return x;
        }

        double twice = magnitude + magnitude;
        double result = magnitude > 1 ? double.NaN
            : 0.5 * Log1p(magnitude < 0.5 ? twice + (twice * magnitude / (1 - magnitude)) : twice / (1 - magnitude));
        return x < 0 ? -result : result;
    }

    /// <summary>ln(1 + x) for x &gt; −1.</summary>
    private static double Log1p(double x)
    {
        double sum = 1 + x;
        return sum == 1 || double.IsInfinity(sum) ? x : Log(sum) + ((x - (sum - 1)) / sum);
    }

    /// <summary>x = result · 2^<paramref name="exponent"/> with a result between √½ and √2, for positive finite x.</summary>
    private static double Mantissa(double x, out int exponent)
    {
        exponent = 0;
        if (x < 2.2250738585072014E-308)
        {
            x *= SubnormalScale;
            exponent = -54;
        }

        const long RootOfHalf = 0x3FE6A09E667F3BCD;
        long bits = BitConverter.DoubleToInt64Bits(x) - RootOfHalf;
        exponent += (int)(bits >> 52);
        return BitConverter.Int64BitsToDouble((bits & 0x000FFFFFFFFFFFFF) + RootOfHalf);
    }

    /// <summary>(ln((1 + s)/(1 − s))/s − 2) / s² of z = s², for s up to that of √2.</summary>
    private static double LogarithmSeries(double z)
    {
        double p = 2.0 / 23;
        p = (p * z) + (2.0 / 21);
        p = (p * z) + (2.0 / 19);
        p = (p * z) + (2.0 / 17);
        p = (p * z) + (2.0 / 15);
        p = (p * z) + (2.0 / 13);
        p = (p * z) + (2.0 / 11);
        p = (p * z) + (2.0 / 9);
        p = (p * z) + (2.0 / 7);
        p = (p * z) + (2.0 / 5);
        return (p * z) + (2.0 / 3);
    }
}
