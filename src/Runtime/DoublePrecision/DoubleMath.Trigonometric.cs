namespace AotCompiler.Runtime;

// Sine, cosine and tangent.
public static partial class DoubleMath
{
    // π/2 in parts of 33 bits, whose products with whole numbers up to 2^20 are exact.
    private const double HalfPi1 = 1.5707963267341256;
    private const double HalfPi2 = 6.077100506303966E-11;
    private const double HalfPi3 = 2.0222662487111665E-21;
    private const double HalfPi4 = 8.4784276603689E-32;
    private const double TwoOverPi = 0.6366197723675814;
    private const double EighthTurn = 0.7853981633974483;
    private const double LargeAngle = 1647099;

    /// <summary>sin(x); NaN for infinities.</summary>
    public static double Sin(double x)
    {
        double r = ReduceAngle(x, out double low, out int quadrant);
        double result = (quadrant & 1) == 0 ? SineOfSmall(r, low) : CosineOfSmall(r, low);
        return (quadrant & 2) == 0 ? result : -result;
    }

    /// <summary>cos(x); NaN for infinities.</summary>
    public static double Cos(double x)
    {
        double r = ReduceAngle(x, out double low, out int quadrant);
        double result = (quadrant & 1) == 0 ? CosineOfSmall(r, low) : SineOfSmall(r, low);
        return ((quadrant + 1) & 2) == 0 ? result : -result;
    }

    /// <summary>tan(x), to 3 units in the last place; NaN for infinities.</summary>
    public static double Tan(double x)
    {
        double r = ReduceAngle(x, out double low, out int quadrant);
        double sine = SineOfSmall(r, low);
        double cosine = CosineOfSmall(r, low);
        return (quadrant & 1) == 0 ? sine / cosine : -cosine / sine;
    }

    /// <summary>x − quadrant·π/2 as a sum of two numbers, of at most π/4.</summary>
    private static double ReduceAngle(double x, out double low, out int quadrant)
    {
        double magnitude = x < 0 ? -x : x;
        low = 0;
        quadrant = 0;
        if (magnitude <= EighthTurn)
        {
            return x;
        }

        if (!(magnitude < LargeAngle))
        {
            return ReduceLargeAngle(x, out low, out quadrant);
        }

        double k = RoundToWhole(x * TwoOverPi);
        quadrant = (int)k;
        double first = x - (k * HalfPi1);
        double second = -(k * HalfPi2);
        double third = -(k * HalfPi3);
        double sum = first + second;
        double error = SumError(first, second, sum);
        double result = sum + third;
        error += SumError(sum, third, result) - (k * HalfPi4);
        double high = result + error;
        low = (result - high) + error;
        return high;
    }

    /// <summary>sin(x + low) for |x| ≤ π/4.</summary>
    private static double SineOfSmall(double x, double low)
    {
        if (x == 0)
        {
            return x;
        }

        double z = x * x;
        double p = 1.0 / 355687428096000;
        p = (p * z) - (1.0 / 1307674368000);
        p = (p * z) + (1.0 / 6227020800);
        p = (p * z) - (1.0 / 39916800);
        p = (p * z) + (1.0 / 362880);
        p = (p * z) - (1.0 / 5040);
        p = (p * z) + (1.0 / 120);
        p = (p * z) - (1.0 / 6);
        return x + ((x * z * p) + (low * (1 - (0.5 * z))));
    }

    /// <summary>cos(x + low) for |x| ≤ π/4.</summary>
    private static double CosineOfSmall(double x, double low)
    {
        double z = x * x;
        double p = -1.0 / 6402373705728000;
        p = (p * z) + (1.0 / 20922789888000);
        p = (p * z) - (1.0 / 87178291200);
        p = (p * z) + (1.0 / 479001600);
        p = (p * z) - (1.0 / 3628800);
        p = (p * z) + (1.0 / 40320);
        p = (p * z) - (1.0 / 720);
        p = (p * z) + (1.0 / 24);
        double half = 0.5 * z;
        double first = 1 - half;
        return first + (((1 - first) - half) + ((z * z * p) - (x * low)));
    }
}
