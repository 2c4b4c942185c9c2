namespace AotCompiler.Runtime;

// The exponential function and what is made of it.
public static partial class DoubleMath
{
    private const double Log2OfE = 1.4426950408889634;
    private const double LargestExponent = 709.782712893384;
    private const double SmallestExponent = -745.1332191019412;

    // e^-x does not reach the last place of what e^x is in.
    private const double LargeArgument = 22;
    private const double TinyArgument = 1e-9;

    /// <summary>e^x.</summary>
    public static double Exp(double x) => x > LargestExponent ? double.PositiveInfinity
        : x < SmallestExponent ? 0
        : double.IsNaN(x) ? x
        : Exp(x, 0);

    /// <summary>sinh(x).</summary>
    public static double Sinh(double x)
    {
        double magnitude = x < 0 ? -x : x;
        if (!(magnitude > TinyArgument))
        {
            return x;
        }

        double half = x < 0 ? -0.5 : 0.5;
        if (magnitude >= LargeArgument)
        {
            return Halved(magnitude, half);
        }

        double e = Expm1(magnitude);
        return half * (magnitude < 1 ? (2 * e) - (e * e / (e + 1)) : e + (e / (e + 1)));
    }

    /// <summary>cosh(x).</summary>
    public static double Cosh(double x)
    {
        double magnitude = x < 0 ? -x : x;
        if (magnitude >= LargeArgument)
        {
            return Halved(magnitude, 0.5);
        }

        if (magnitude < 0.35)
        {
            double e = Expm1(magnitude);
            return 1 + (e * e / (2 + (2 * e)));
        }

        double power = Exp(magnitude);
        return (0.5 * power) + (0.5 / power);
    }

    /// <summary>tanh(x).</summary>
    public static double Tanh(double x)
    {
        double magnitude = x < 0 ? -x : x;
        if (!(magnitude > TinyArgument))
        {
            return x;
        }

        double result;
        if (magnitude >= LargeArgument)
        {
            result = 1;
        }
        else if (magnitude >= 1)
        {
            result = 1 - (2 / (Expm1(2 * magnitude) + 2));
        }
        else
        {
            double e = Expm1(-2 * magnitude);
            result = -e / (e + 2);
        }

        return x < 0 ? -result : result;
    }

    /// <summary>e^x · half, also where e^x is infinite.</summary>
    private static double Halved(double x, double half)
    {
        double root = x > 709 ? Exp(0.5 * x) : 0;
        return x > 709 ? half * root * root : half * Exp(x);
    }

    /// <summary>e^(x + low) for x that neither overflow nor vanish.</summary>
    private static double Exp(double x, double low)
    {
        double k = RoundToWhole(x * Log2OfE);
        double r = ReduceExponent(x, k, out double correction);
        double rest = (r * r * ExponentialSeries(r)) + correction;
        return Scale(1 + (r + (rest + (low * (1 + r + rest)))), (int)k);
    }

    /// <summary>e^x − 1 for |x| up to 700, without cancellation.</summary>
    private static double Expm1(double x)
    {
        double k = RoundToWhole(x * Log2OfE);
        double r = ReduceExponent(x, k, out double correction);
        double e = r + ((r * r * ExponentialSeries(r)) + correction);
        double power = k < -1000 ? 0 : PowerOfTwo((int)k);
        return k == 0 ? e : (e * power) + (power - 1);
    }

    /// <summary>x − k·ln 2, and what rounding loses of it.</summary>
    private static double ReduceExponent(double x, double k, out double correction)
    {
        double high = x - (k * Ln2High);
        double low = k * Ln2Low;
        double r = high - low;
        correction = (high - r) - low;
        return r;
    }

    /// <summary>(e^x − 1 − x) / x² for |x| ≤ ln 2 / 2.</summary>
    private static double ExponentialSeries(double x)
    {
        double p = 1.0 / 6227020800;
        p = (p * x) + (1.0 / 479001600);
        p = (p * x) + (1.0 / 39916800);
        p = (p * x) + (1.0 / 3628800);
        p = (p * x) + (1.0 / 362880);
        p = (p * x) + (1.0 / 40320);
        p = (p * x) + (1.0 / 5040);
        p = (p * x) + (1.0 / 720);
        p = (p * x) + (1.0 / 120);
        p = (p * x) + (1.0 / 24);
        p = (p * x) + (1.0 / 6);
        return (p * x) + 0.5;
    }
}
