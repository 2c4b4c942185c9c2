using System;

namespace AotCompiler.Runtime;

// Arc sine, arc cosine and arc tangent.
public static partial class DoubleMath
{
    private static ReadOnlySpan<double> ArcTangentsHigh => new double[]
    {
        0.0, 0.12435499454676144, 0.24497866312686414,
        0.35877067027057225, 0.4636476090008061, 0.5585993153435624,
        0.6435011087932844, 0.7188299996216245, 0.7853981633974483,
    };

    private static ReadOnlySpan<double> ArcTangentsLow => new double[]
    {
        0.0, -3.1253241424539383E-18, 1.0698755618734451E-17,
        -2.4623815582638635E-17, 2.2698777452961687E-17, -5.4556305485916264E-18,
        1.5834785051444286E-17, -2.1478388444456983E-17, 3.061616997868383E-17,
    };

    /// <summary>arctan(x).</summary>
    /// <remarks>arctan x = arctan c + arctan((x − c)/(1 + c·x)) for the multiple c of ⅛ that is nearest to x, or to 1/x.</remarks>
    public static double Atan(double x)
    {
        if (double.IsNaN(x))
        {
            return x;
        }

        double magnitude = x < 0 ? -x : x;
        bool isInverse = magnitude > 1;
        double y = isInverse ? 1 / magnitude : magnitude;
        int index = (int)((8 * y) + 0.5);
        double c = index / 8.0;
        double t = index == 0 ? y : (y - c) / (1 + (c * y));
        double high = ArcTangentsHigh[index];
        double rest = ArcTangentsLow[index] + (t * t * t * ArcTangentSeries(t * t));
        double result = isInverse ? (HalfPi - high) - ((rest - HalfPiLow) + t) : high + (rest + t);
        return x < 0 || (x == 0 && double.IsNegative(x)) ? -result : result;
    }

    /// <summary>arcsin(x); NaN outside of −1 to 1.</summary>
    public static double Asin(double x)
    {
        double magnitude = x < 0 ? -x : x;
        if (magnitude <= 0.5)
        {
            return x + (x * ArcSineRest(x * x));
        }

        double result = HalfPi - (ArcSineOfRoot(1 - magnitude) - HalfPiLow);
        return x < 0 ? -result : result;
    }

    /// <summary>arccos(x); NaN outside of −1 to 1.</summary>
    public static double Acos(double x) => x > 0.5 ? ArcSineOfRoot(1 - x)
        : x < -0.5 ? (2 * HalfPi) - (ArcSineOfRoot(1 + x) - (2 * HalfPiLow))
        : HalfPi - (x - (HalfPiLow - (x * ArcSineRest(x * x))));

    /// <summary>2·arcsin(√(x/2)) for 0 ≤ x ≤ ½.</summary>
    private static double ArcSineOfRoot(double x)
    {
        double z = 0.5 * x;
        double root = Math.Sqrt(z);
        return 2 * (root + (root * ArcSineRest(z)));
    }

    /// <summary>arcsin(x)/x − 1 of z = x², for |x| ≤ ½.</summary>
    private static double ArcSineRest(double z)
    {
        double p = 0.028757851367421566;
        p = (p * z) + -0.014851887071247204;
        p = (p * z) + 0.01740087944269402;
        p = (p * z) + 0.005457506718640358;
        p = (p * z) + 0.01032281435018578;
        p = (p * z) + 0.011479177415184906;
        p = (p * z) + 0.013971212973552933;
        p = (p * z) + 0.017352392720869973;
        p = (p * z) + 0.02237217294214989;
        p = (p * z) + 0.030381944138531247;
        p = (p * z) + 0.04464285714635543;
        p = (p * z) + 0.07499999999998433;
        return z * ((p * z) + 0.16666666666666669);
    }

    /// <summary>(arctan(x) − x)/x³ of z = x², for |x| up to 1/16.</summary>
    private static double ArcTangentSeries(double z)
    {
        double p = -1.0 / 15;
        p = (p * z) + (1.0 / 13);
        p = (p * z) - (1.0 / 11);
        p = (p * z) + (1.0 / 9);
        p = (p * z) - (1.0 / 7);
        p = (p * z) + (1.0 / 5);
        return (p * z) - (1.0 / 3);
    }
}
