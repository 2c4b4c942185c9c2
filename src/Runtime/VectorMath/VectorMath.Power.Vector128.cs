using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace AotCompiler.Runtime;

// x^y. Written for 128 bits; the project derives the other widths.
public static partial class VectorMath
{
    /// <summary>x^y with C99's special cases (x^0 = 1^y = 1 even for NaN; NaN for negative x and fractional y). Error ≤ 0.6 ULP.</summary>
    /// <remarks>
    /// 2^(y·log₂|x|) in double precision: log₂ of the mantissa as a series in (m − 1) / (m + 1) of degree 11 (relative error
    /// 2^−45), 2^r by a polynomial of degree 7 (2^−34.5). The double's range holds every result, so it rounds to single once.
    /// </remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Pow(Vector128<float> x, Vector128<float> y)
    {
        Vector128<float> magnitude = Vector128.Abs(x);
        Vector128<float> m = SplitExponent(magnitude, out Vector128<float> n);
        (Vector128<double> mLow, Vector128<double> mHigh) = Vector128.Widen(m);
        (Vector128<double> nLow, Vector128<double> nHigh) = Vector128.Widen(n);
        (Vector128<double> yLow, Vector128<double> yHigh) = Vector128.Widen(y);
        Vector128<float> power = Vector128.Narrow(PowReduced(mLow, nLow, yLow), PowReduced(mHigh, nHigh, yHigh));

        // Whether y is an integer, and odd: above 2^24 every float is an even integer.
        Vector128<float> yMagnitude = Vector128.Abs(y);
        Vector128<float> exactInteger = Vector128.GreaterThanOrEqual(yMagnitude, Vector128.Create(16777216.0f));
        Vector128<int> integer = Vector128.ConvertToInt32Native(Vector128.ConditionalSelect(exactInteger, Vector128<float>.Zero, y));
        Vector128<float> truncated = Vector128.ConditionalSelect(exactInteger, y, Vector128.ConvertToSingle(integer));
        Vector128<float> integral = Vector128.Equals(truncated, y);
        Vector128<float> sign = SignOf(x) & (integer << 31).AsSingle();
        Vector128<float> oddSign = Vector128.ConditionalSelect(integral, sign, Vector128<float>.Zero);

        // From the most general case to the most special. Each is a select of its own, as .NET 10.0's JIT folds a conjunction
        // of comparisons wrongly when AVX-512 is there and one side is constant.
        Vector128<float> nan = Vector128.Create(float.NaN);
        Vector128<float> defined = Vector128.ConditionalSelect(integral, power, nan);
        power = Vector128.ConditionalSelect(Vector128.LessThan(x, Vector128<float>.Zero), defined, power);

        // |x| = 0 or ∞, or y = ±∞: the limit, 0 or ∞.
        Vector128<float> infinity = Vector128.Create(float.PositiveInfinity);
        Vector128<float> yNegative = Vector128.LessThan(y, Vector128<float>.Zero);
        Vector128<float> limitBelowOne = Vector128.ConditionalSelect(yNegative, infinity, Vector128<float>.Zero);
        Vector128<float> limitAboveOne = Vector128.ConditionalSelect(yNegative, Vector128<float>.Zero, infinity);
        Vector128<float> limit = Vector128.ConditionalSelect(Vector128.LessThan(magnitude, Vector128<float>.One), limitBelowOne, limitAboveOne);
        power = Vector128.ConditionalSelect(Vector128.Equals(x, Vector128<float>.Zero), limit, power);
        power = Vector128.ConditionalSelect(Vector128.Equals(magnitude, infinity), limit, power);
        limit = Vector128.ConditionalSelect(Vector128.Equals(magnitude, Vector128<float>.One), Vector128<float>.One, limit);
        power = Vector128.ConditionalSelect(Vector128.Equals(yMagnitude, infinity), limit, power) | oddSign;

        power = Vector128.ConditionalSelect(Vector128.Equals(x, x), power, x);
        power = Vector128.ConditionalSelect(Vector128.Equals(y, y), power, y);
        power = Vector128.ConditionalSelect(Vector128.Equals(x, Vector128<float>.One), Vector128<float>.One, power);
        return Vector128.ConditionalSelect(Vector128.Equals(y, Vector128<float>.Zero), Vector128<float>.One, power);
    }

    /// <summary>
    /// The same, called and not inlined: for kernels that take powers in many places, where the numbers in between would fill
    /// pages of stack.
    /// </summary>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    public static Vector128<float> PowCall(Vector128<float> x, Vector128<float> y) => Pow(x, y);

    // (m·2^n)^y for m in [√½, √2), integral n; any finite y.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<double> PowReduced(Vector128<double> m, Vector128<double> n, Vector128<double> y)
    {
        Vector128<double> s = (m - Vector128<double>.One) / (m + Vector128<double>.One);
        Vector128<double> u = s * s;
        Vector128<double> p = MultiplyAdd(u, Vector128.Create(0.2829209043620713), 0.3199043221067351);
        p = MultiplyAdd(p, u, 0.41220928388205147);
        p = MultiplyAdd(p, u, 0.5770779420746333);
        p = MultiplyAdd(p, u, 0.96179669411426);
        p = MultiplyAdd(p, u, 2.8853900817778495);
        Vector128<double> exponent = (n + (s * p)) * y;
        exponent = Vector128.MaxNative(Vector128.Create(-160.0), Vector128.MinNative(Vector128.Create(140.0), exponent));

        Vector128<double> shifted = exponent + Vector128.Create(DoubleRoundingShift);
        Vector128<double> r = exponent - (shifted - Vector128.Create(DoubleRoundingShift));
        Vector128<double> q = MultiplyAdd(r, Vector128.Create(1.5201930156775764e-05), 0.0001546929152740556);
        q = MultiplyAdd(q, r, 0.0013333922518980767);
        q = MultiplyAdd(q, r, 0.009618027252327877);
        q = MultiplyAdd(q, r, 0.055504103535231955);
        q = MultiplyAdd(q, r, 0.2402265119816769);
        q = MultiplyAdd(q, r, 0.6931471807284051);
        q = MultiplyAdd(q, r, 0.9999999999616823);
        return (q.AsInt64() + (shifted.AsInt64() << 52)).AsDouble();
    }
}
