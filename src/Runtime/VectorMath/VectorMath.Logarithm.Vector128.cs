using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace AotCompiler.Runtime;

// Logarithms and inverse hyperbolic functions. Written for 128 bits; the project derives the other widths.
public static partial class VectorMath
{
    /// <summary>Natural logarithm. Error ≤ 1 ULP; −∞ at ±0, NaN below zero, +∞ at +∞, right for denormals.</summary>
    /// <remarks>x = 2^n·m with m in [√½, √2), then ln m = f − f²/2 + f³·p(f), f = m − 1, with p of degree 7.</remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Log(Vector128<float> x)
    {
        Vector128<float> m = SplitExponent(x, out Vector128<float> n);
        Vector128<float> result = LogOfProduct(m - Vector128<float>.One, n);

        // +∞ and NaN are their own logarithms; 0 and negative numbers have −∞ and NaN.
        Vector128<float> finite = Vector128.LessThan(x, Vector128.Create(float.PositiveInfinity));
        Vector128<float> positive = Vector128.GreaterThan(x, Vector128<float>.Zero);
        Vector128<float> negative = Vector128.LessThan(x, Vector128<float>.Zero);
        Vector128<float> atMostZero = Vector128.Create(float.NegativeInfinity) | negative;
        return Vector128.ConditionalSelect(finite, Vector128.ConditionalSelect(positive, result, atMostZero), x);
    }

    /// <summary>ln(1 + x). Error ≤ 1.5 ULP, also near 0; sign of zero kept, −∞ at −1, NaN below.</summary>
    /// <remarks>The rounding error of 1 + x is added to the reduced argument, scaled as the sum is.</remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Log1p(Vector128<float> x)
    {
        Vector128<float> sum = x + Vector128<float>.One;
        Vector128<float> m = SplitExponent(sum, out Vector128<float> n);

        // Above 2^100 the error of the sum, x, less than one unit of it, is nothing; the bound keeps the scale a number.
        Vector128<float> shift = Vector128.MinNative(n, Vector128.Create(100.0f)) + Vector128.Create(RoundingShift);
        Vector128<float> scale = PowerOfTwo(Vector128.Create(RoundingShiftBits) - shift.AsInt32());
        Vector128<float> large = Vector128.GreaterThan(x, Vector128<float>.One);
        Vector128<float> lost = Vector128.ConditionalSelect(
            large, Vector128<float>.One - (sum - x), x - (sum - Vector128<float>.One));
        Vector128<float> result = LogOfProduct((m - Vector128<float>.One) + (lost * scale), n);

        Vector128<float> finite = Vector128.LessThan(x, Vector128.Create(float.PositiveInfinity));
        Vector128<float> inDomain = Vector128.GreaterThan(sum, Vector128<float>.Zero);
        Vector128<float> outside = Vector128.LessThan(sum, Vector128<float>.Zero) | Vector128.Create(float.NegativeInfinity);
        result = Vector128.ConditionalSelect(finite, Vector128.ConditionalSelect(inDomain, result, outside), x);
        return Vector128.ConditionalSelect(Vector128.Equals(x, Vector128<float>.Zero), x, result);
    }

    /// <summary>Inverse hyperbolic sine. Error ≤ 3 ULP; sign of zero kept.</summary>
    /// <remarks>ln(1 + t + t² / (1 + √(1 + t²))) for t = |x|; ln t + ln 2 above 2^30, where t² could overflow.</remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Asinh(Vector128<float> x)
    {
        Vector128<float> t = Vector128.Abs(x);
        Vector128<float> square = t * t;
        Vector128<float> root = Vector128.Sqrt(square + Vector128<float>.One);
        Vector128<float> argument = t + (square / (root + Vector128<float>.One));
        return LogOfLarge(t, argument) | SignOf(x);
    }

    /// <summary>Inverse hyperbolic cosine. Error ≤ 3 ULP; NaN below 1.</summary>
    /// <remarks>ln(1 + t + √(2t + t²)) for t = x − 1; ln x + ln 2 above 2^30.</remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Acosh(Vector128<float> x)
    {
        Vector128<float> t = x - Vector128<float>.One;
        Vector128<float> argument = t + Vector128.Sqrt(MultiplyAdd(t, t, t + t));
        Vector128<float> inDomain = Vector128.GreaterThanOrEqual(x, Vector128<float>.One);
        return Vector128.ConditionalSelect(inDomain, LogOfLarge(x, argument), Vector128.Create(float.NaN));
    }

    /// <summary>Inverse hyperbolic tangent. Error ≤ 3 ULP; ±∞ at ±1, NaN beyond, sign of zero kept.</summary>
    /// <remarks>½·ln(1 + 2t / (1 − t)) for t = |x|.</remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Atanh(Vector128<float> x)
    {
        Vector128<float> t = Vector128.Abs(x);
        Vector128<float> half = Log1p((t + t) / (Vector128<float>.One - t)) * Vector128.Create(0.5f);

        // Doubling and halving would round a denormal's last bit away.
        Vector128<float> result = half | SignOf(x);
        return Vector128.ConditionalSelect(Vector128.LessThan(t, Vector128.Create(1e-5f)), x, result);
    }

    // ln(1 + argument), or ln t + ln 2 where t is so large that argument = 2t up to rounding.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> LogOfLarge(Vector128<float> t, Vector128<float> argument)
    {
        Vector128<float> large = Vector128.GreaterThan(t, Vector128.Create(1073741824.0f));
        Vector128<float> result = Log1p(Vector128.ConditionalSelect(large, t, argument));
        return result + (large & Vector128.Create(Ln2));
    }

    // m in [√½, √2) and integral n with x = m·2^n, for positive finite x; anything for the rest.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> SplitExponent(Vector128<float> x, out Vector128<float> n)
    {
        Vector128<float> tiny = Vector128.LessThan(x, Vector128.Create(SmallestNormal));
        Vector128<float> normal = Vector128.ConditionalSelect(tiny, x * Vector128.Create(8388608.0f), x);

        // Subtracting the bits of √½ puts the exponent n in the upper nine bits and leaves m's offset below them.
        Vector128<int> offset = normal.AsInt32() - Vector128.Create(SqrtHalfBits);
        n = Vector128.ConvertToSingle(offset >> 23) - (tiny & Vector128.Create(23.0f));
        return ((offset & Vector128.Create(0x007FFFFF)) + Vector128.Create(SqrtHalfBits)).AsSingle();
    }

    // ln(1 + f) + n·ln 2 for 1 + f in [√½, √2), n integral.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> LogOfProduct(Vector128<float> f, Vector128<float> n)
    {
        Vector128<float> p = MultiplyAdd(f, Vector128.Create(-0.076430775f), 0.12766927f);
        p = MultiplyAdd(p, f, -0.131595f);
        p = MultiplyAdd(p, f, 0.14200947f);
        p = MultiplyAdd(p, f, -0.16623335f);
        p = MultiplyAdd(p, f, 0.20001261f);
        p = MultiplyAdd(p, f, -0.25000823f);
        p = MultiplyAdd(p, f, 0.3333333f);

        // Smallest terms first; n·Ln2High is exact and comes last.
        Vector128<float> square = f * f;
        Vector128<float> tail = MultiplyAdd(n, Vector128.Create(Ln2Low), square * f * p);
        tail = MultiplyAdd(square, Vector128.Create(-0.5f), tail);
        return MultiplyAdd(n, Vector128.Create(Ln2High), f + tail);
    }
}
