using System;

namespace AotCompiler.Runtime.Tests;

/// <summary>Double-precision references that <see cref="Math"/> lacks. Relative error below 1e-14.</summary>
internal static class Reference
{
    public static double Sigmoid(double x) => x < 0 ? Math.Exp(x) / (1 + Math.Exp(x)) : 1 / (1 + Math.Exp(-x));

    /// <summary>x·sigmoid(g), without NaN where an infinite x meets an underflowed factor.</summary>
    public static double Gate(double x, double g) => double.IsNegativeInfinity(x) ? -0.0 : x * Sigmoid(g);

    public static double Gelu(double x)
        => double.IsNegativeInfinity(x) ? -0.0 : x * 0.5 * Erfc(-x / Math.Sqrt(2));

    public static double GeluTanh(double x) => Gate(x, 2 * Math.Sqrt(2 / Math.PI) * (x + (0.044715 * x * x * x)));

    public static double Softplus(double x) => Math.Max(x, 0) + Log1p(Math.Exp(-Math.Abs(x)));

    public static double Mish(double x)
    {
        double w = Math.Exp(x);
        return double.IsNegativeInfinity(x) ? -0.0 : x > 30 ? x : x * (w * (w + 2) / ((w * (w + 2)) + 2));
    }

    public static double Selu(double x)
    {
        const double Gamma = 1.05070102214813232421875;
        const double Alpha = 1.67326319217681884765625;
        return x < 0 ? Gamma * Alpha * Expm1(x) : Gamma * x;
    }

    /// <summary>e^x − 1; below 1e-5 in size by its series.</summary>
    public static double Expm1(double x)
    {
        // 2·sinh(x/2)·e^(x/2) has no cancellation.
        return Math.Abs(x) < 1e-5 ? x + (x * x / 2) + (x * x * x / 6) : x > 40 ? Math.Exp(x) : x < -40 ? -1 : 2 * Math.Sinh(x / 2) * Math.Exp(x / 2);
    }

    /// <summary>ln(1 + x), corrected for the rounding of 1 + x (Kahan).</summary>
    public static double Log1p(double x)
    {
        double sum = 1 + x;
        return sum == 1 || double.IsInfinity(sum) ? x : sum <= 0 ? Math.Log(sum) : Math.Log(sum) * (x / (sum - 1));
    }

    public static double Erf(double x)
    {
        double a = Math.Abs(x);
        return double.IsNaN(x) ? x : a > 6 ? Math.Sign(x) : a < 2.5 ? ErfSeries(x) : Math.Sign(x) * (1 - ErfcFraction(a));
    }

    /// <summary>Complementary error function without cancellation.</summary>
    public static double Erfc(double x) => double.IsNaN(x) ? x : x < 1 ? 1 - Erf(x) : x > 30 ? 0 : ErfcFraction(x);

    // 2/√π · e^(−x²) · Σ 2^n x^(2n+1) / (1·3·…·(2n+1)); all terms have one sign.
    private static double ErfSeries(double x)
    {
        double square = x * x, term = x, sum = x;
        for (int n = 1; Math.Abs(term) > Math.Abs(sum) * 1e-17; n++)
        {
            term *= 2 * square / ((2 * n) + 1);
            sum += term;
        }

        return 2 / Math.Sqrt(Math.PI) * Math.Exp(-square) * sum;
    }

    // e^(−x²)/√π · 1/(x + (1/2)/(x + 1/(x + (3/2)/(x + …)))), evaluated backwards; x ≥ 1.
    private static double ErfcFraction(double x)
    {
        double fraction = x;
        for (int n = (int)(120 / (x * x)) + 20; n >= 1; n--)
        {
            fraction = x + (n / 2.0 / fraction);
        }

        return Math.Exp(-x * x) / Math.Sqrt(Math.PI) / fraction;
    }
}
