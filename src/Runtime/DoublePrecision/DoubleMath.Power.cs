using System;

namespace AotCompiler.Runtime;

// Powers: the logarithm as a sum of two doubles, times the exponent, exactly.
public static partial class DoubleMath
{
    private const int FirstLogarithm = 45;

    private static ReadOnlySpan<double> LogarithmsHigh => new double[]
    {
        -0.3522205935893521, -0.33024168687057687, -0.3087354816496133, -0.2876820724517809,
        -0.26706278524904525, -0.24686007793152578, -0.22705745063534608, -0.2076393647782445,
        -0.18859116980755003, -0.16989903679539747, -0.15154989812720093, -0.13353139262452263,
        -0.1158318155251217, -0.09844007281325252, -0.0813456394539524, -0.06453852113757118,
        -0.048009219186360606, -0.0317486983145803, -0.015748356968139168, 0.0,
        0.015504186535965254, 0.030771658666753687, 0.0458095360312942, 0.06062462181643484,
        0.07522342123758753, 0.08961215868968714, 0.10379679368164356, 0.11778303565638346,
        0.13157635778871926, 0.1451820098444979, 0.15860503017663857, 0.17185025692665923,
        0.184922338494012, 0.19782574332991987, 0.21056476910734964, 0.22314355131420976,
        0.2355660713127669, 0.24783616390458127, 0.25995752443692605, 0.27193371548364176,
        0.2837681731306446, 0.2954642128938359, 0.3070250352949119, 0.3184537311185346,
        0.329753286372468, 0.3409265869705932, 0.3519764231571782,
    };

    private static ReadOnlySpan<double> LogarithmsLow => new double[]
    {
        -5.7233316949182485E-18, 1.0828321637483858E-17, 1.6199186085148102E-17, -2.607160616442564E-17,
        7.32891532732017E-18, -1.361743371748368E-17, -9.551415762738488E-18, -1.2053243216686129E-17,
        7.432164219196925E-18, 4.868008764439071E-19, -5.1669593684615594E-18, 3.664457663660085E-18,
        -4.338484369808096E-18, 4.439009633675136E-18, -5.07707635593117E-18, 6.470486661692933E-18,
        -1.4390903347292205E-18, -3.0382263084680858E-18, -1.0021578630528974E-18, 0.0,
        -3.278321022892429E-19, 1.0431732029005968E-18, 1.902959866474257E-18, 2.6424025938726934E-18,
        -5.930604196293241E-18, -5.4268129336647135E-18, 5.47772415726659E-18, -1.1971685747593677E-18,
        1.1123000879729588E-17, 8.242418783022475E-18, 1.1257003872182592E-17, -6.0224538210113705E-18,
        3.0236614153574064E-18, 1.2821194372980142E-17, -4.249405314729895E-18, -9.091270597324799E-18,
        -2.3943371495187355E-18, -1.2432209578702523E-17, 2.069806938978935E-17, 7.83319637697442E-19,
        -2.032665581126656E-17, -2.16461086040599E-17, -1.2319916200101964E-17, 2.7114779367326236E-17,
        2.122020616196946E-18, 1.7467136443544747E-17, -1.2953893030191963E-17,
    };

    /// <summary>x^y, with the special values of IEEE 754's pow.</summary>
    public static double Pow(double x, double y)
    {
        if (y == 0 || x == 1)
        {
            return 1;
        }

        if (double.IsNaN(x) || double.IsNaN(y))
        {
            return double.NaN;
        }

        double magnitude = x < 0 ? -x : x;
        bool isNegative = (x < 0 || (x == 0 && double.IsNegative(x))) && IsOdd(y);
        if (magnitude == 0 || double.IsInfinity(x) || double.IsInfinity(y))
        {
            double limit = magnitude == 1 ? 1 : magnitude > 1 == y > 0 ? double.PositiveInfinity : 0;
            return isNegative ? -limit : limit;
        }

        if (x < 0 && !IsWhole(y))
        {
            return double.NaN;
        }

        double result = PositivePower(magnitude, y);
        return isNegative ? -result : result;
    }

    private static double PositivePower(double x, double y)
    {
        double high = Logarithm(x, out double low);
        double product = y * high;
        if (product > 710 || product < -746)
        {
            return product > 0 ? double.PositiveInfinity : 0;
        }

        return Exp(product, ProductError(y, high, product) + (y * low));
    }

    /// <summary>ln(x) as a sum of two numbers, to about 70 bits.</summary>
    /// <remarks>ln m = ln c + 2·artanh((m − c)/(m + c)) for the multiple c of 1/64 that is nearest to the mantissa m.</remarks>
    private static double Logarithm(double x, out double low)
    {
        double m = Mantissa(x, out int k);
        int index = (int)((m * 64) + 0.5);
        double c = index / 64.0;
        double f = m - c;
        double sum = m + c;
        double s = f / sum;
        double product = s * sum;
        double sLow = (((f - product) - ProductError(s, sum, product)) - (s * SumError(m, c, sum))) / sum;
        double z = s * s;
        double rest = (2 * sLow) + (s * z * ((2.0 / 3) + (z * ((2.0 / 5) + (z * ((2.0 / 7) + (z * (2.0 / 9))))))));

        double table = LogarithmsHigh[index - FirstLogarithm];
        double whole = k * Ln2High;
        double first = whole + table;
        double result = first + (2 * s);
        double error = SumError(whole, table, first) + SumError(first, 2 * s, result);
        rest += error + (k * Ln2Low) + LogarithmsLow[index - FirstLogarithm];
        double high = result + rest;
        low = (result - high) + rest;
        return high;
    }

    private static bool IsWhole(double x) => x >= 9007199254740992 || x <= -9007199254740992 || (long)x == x;

    private static bool IsOdd(double x) => x < 9007199254740992 && x > -9007199254740992 && (long)x == x && ((long)x & 1) != 0;
}
