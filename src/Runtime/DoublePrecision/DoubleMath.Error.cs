namespace AotCompiler.Runtime;

// The error function.
public static partial class DoubleMath
{
    private const int FractionTerms = 120;
    private const double RootOfPi = 1.7724538509055160;

    /// <summary>The error function 2/√π · ∫₀ˣ e^(-t²) dt; absolute error below 1e-15.</summary>
    /// <remarks>Up to 2 the series of positive terms, in which nothing cancels; beyond it the continued fraction of the complement.</remarks>
    public static double Erf(double x)
    {
        if (double.IsNaN(x))
        {
            return x;
        }

        double magnitude = x < 0 ? -x : x;
        double result = magnitude > 6 ? 1 : magnitude < 2 ? Series(magnitude) : 1 - Complement(magnitude);
        return x < 0 ? -result : result;
    }

    /// <summary>e^(-x²) · 2/√π · Σ 2ⁿ x^(2n+1) / (1·3·…·(2n+1)).</summary>
    private static double Series(double x)
    {
        double term = x;
        double sum = x;
        for (int n = 1; term > 1e-17 * sum; n++)
        {
            term *= 2 * x * x / ((2 * n) + 1);
            sum += term;
        }

        return 2 / RootOfPi * Exp(-x * x) * sum;
    }

    /// <summary>e^(-x²)/√π · 1/(x + ½/(x + 1/(x + 1½/(x + …)))), from the inside out.</summary>
    private static double Complement(double x)
    {
        double denominator = x;
        for (int n = FractionTerms; n > 0; n--)
        {
            denominator = x + (n / 2.0 / denominator);
        }

        return Exp(-x * x) / (RootOfPi * denominator);
    }
}
