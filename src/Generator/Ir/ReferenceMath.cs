using System;

namespace AotCompiler.Ir;

/// <summary>Functions that <see cref="Math"/> lacks on the platforms the compiler runs on, in double precision and on 64-bit integers, for evaluation at compile time.</summary>
internal static class ReferenceMath
{
    /// <summary>ln(1 + x) without cancellation near 0 (W. Kahan); relative error of a few ulp.</summary>
    public static double Log1p(double x)
    {
        double sum = 1 + x;
        return sum == 1 || double.IsPositiveInfinity(sum) ? x : Math.Log(sum) * (x / (sum - 1));
    }

    /// <summary>eˣ - 1 without cancellation near 0 (W. Kahan); relative error of a few ulp.</summary>
    public static double Expm1(double x)
    {
        double power = Math.Exp(x);
        return power == 1 ? x
            : power - 1 == -1 ? -1
            : double.IsInfinity(power) ? power
            : (power - 1) * (x / Math.Log(power));
    }

    /// <summary>Inverse hyperbolic sine.</summary>
    public static double Asinh(double x)
    {
        double magnitude = Math.Abs(x);
        double result = magnitude > 1e150
            ? Math.Log(magnitude) + Math.Log(2)
            : Log1p(magnitude + ((magnitude * magnitude) / (1 + Math.Sqrt((magnitude * magnitude) + 1))));
        return x < 0 ? -result : x == 0 ? x : result;
    }

    /// <summary>Inverse hyperbolic cosine; NaN below 1.</summary>
    public static double Acosh(double x)
    {
        double above = x - 1;
        return x > 1e150 ? Math.Log(x) + Math.Log(2) : Log1p(above + Math.Sqrt((2 * above) + (above * above)));
    }

    /// <summary>Inverse hyperbolic tangent; infinite at ±1, NaN beyond.</summary>
    public static double Atanh(double x) => x == 0 ? x : 0.5 * (Log1p(x) - Log1p(-x));

    /// <summary>Error function: its Taylor series near 0, the continued fraction of the complement elsewhere; absolute error below 1e-15.</summary>
    public static double Erf(double x)
    {
        double magnitude = Math.Abs(x);
        if (double.IsNaN(x) || magnitude > 6)
        {
            return double.IsNaN(x) ? x : Math.Sign(x);
        }

        double result = magnitude < 2 ? ErfSeries(magnitude) : 1 - ErfcFraction(magnitude);
        return x < 0 ? -result : result;
    }

    /// <summary>1 / (1 + e⁻ˣ).</summary>
    public static double Sigmoid(double x) => x < 0 ? Math.Exp(x) / (1 + Math.Exp(x)) : 1 / (1 + Math.Exp(-x));

    /// <summary>ln(1 + eˣ).</summary>
    public static double Softplus(double x) => x > 0 ? x + Log1p(Math.Exp(-x)) : Log1p(Math.Exp(x));

    /// <summary>Quotient towards zero; 0 for a zero divisor, wrapped for the one quotient that does not fit.</summary>
    public static long Divide(long dividend, long divisor) => divisor == 0 ? 0 : divisor == -1 ? unchecked(-dividend) : dividend / divisor;

    /// <summary>Remainder with the sign of the dividend; 0 for a zero divisor.</summary>
    public static long Remainder(long dividend, long divisor) => divisor is 0 or -1 ? 0 : dividend % divisor;

    /// <summary>Remainder with the sign of the divisor; 0 for a zero divisor.</summary>
    public static long Modulo(long dividend, long divisor)
    {
        long remainder = Remainder(dividend, divisor);
        return remainder != 0 && (remainder < 0) != (divisor < 0) ? remainder + divisor : remainder;
    }

    /// <summary>Integer power, wrapped; a negative exponent gives the truncated reciprocal (0 for base 0).</summary>
    public static long Power(long x, long exponent)
    {
        if (exponent < 0)
        {
            return x == 1 ? 1 : x == -1 ? ((exponent & 1) == 0 ? 1 : -1) : 0;
        }

        long result = 1;
        for (long factor = x; exponent > 0; exponent >>= 1)
        {
            result = (exponent & 1) != 0 ? unchecked(result * factor) : result;
            factor = unchecked(factor * factor);
        }

        return result;
    }

    // erf x = 2/√π · e^(-x²) · Σ 2ⁿ x^(2n+1) / (1·3·…·(2n+1)): all terms positive, so nothing cancels.
    private static double ErfSeries(double x)
    {
        double term = x;
        double sum = x;
        for (int n = 1; term > 1e-17 * sum; n++)
        {
            term *= 2 * x * x / ((2 * n) + 1);
            sum += term;
        }

        return 2 / Math.Sqrt(Math.PI) * Math.Exp(-x * x) * sum;
    }

    // erfc x = e^(-x²)/√π · 1/(x + ½/(x + 1/(x + 1½/(x + …)))), from the inside out.
    private static double ErfcFraction(double x)
    {
        double denominator = x;
        for (int n = 120; n > 0; n--)
        {
            denominator = x + (n / 2.0 / denominator);
        }

        return Math.Exp(-x * x) / (Math.Sqrt(Math.PI) * denominator);
    }
}
