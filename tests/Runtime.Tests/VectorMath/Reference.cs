using System;

namespace AotCompiler.Runtime.Tests;

/// <summary>Double-precision references that <see cref="Math"/> lacks. Relative error below 1e-14.</summary>
internal static class Reference
{
    public static double Sigmoid(double x) => x < 0 ? Math.Exp(x) / (1 + Math.Exp(x)) : 1 / (1 + Math.Exp(-x));

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
