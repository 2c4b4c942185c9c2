using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace AotCompiler.Runtime;

// e^x and the hyperbolic functions. Written for 128 bits; the project derives the other widths.
public static partial class VectorMath
{
    /// <summary>e^x. Error ≤ 1.1 ULP; 0 below −103.97, +∞ above 88.72, gradual underflow below −87.34.</summary>
    /// <remarks>x = n·ln 2 + r with |r| ≤ ln 2 / 2, then a polynomial of degree 6 in r, scaled by 2^n.</remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Exp(Vector128<float> x)
    {
        Vector128<float> p = ExpReduced(Clamp(x, -104.0f, 89.0f), out Vector128<float> exponent);
        return Scaled(p, exponent);
    }

    /// <summary>2^x for x ≤ 0, as the softmax of attention takes it of scores relative to their maximum. Error ≤ 2.3 ULP; 0 below −126.5,
    /// or below −150 where underflow is gradual.</summary>
    /// <remarks>x = n + r with |r| ≤ ½, then a polynomial of degree 5 in r, scaled by 2^n.</remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Exp2OfNegative(Vector128<float> x)
    {
        Vector128<float> bounded = ScalesAtOnce ? x : Vector128.MaxNative(Vector128.Create(-127.0f), x);
        return ScaledNormal(Exp2Reduced(ReduceToHalf(bounded, out Vector128<float> exponent)), exponent);
    }

    /// <summary>e^x − 1. Error ≤ 1.7 ULP, also near 0; exact for denormals, sign of zero kept, −1 and +∞ at the ends.</summary>
    /// <remarks>As <see cref="Exp(Vector128{float})"/>, with 2^n·(e^r − 1) + (2^n − 1) summed at the smaller half of 2^n.</remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Expm1(Vector128<float> x)
    {
        Vector128<float> a = Clamp(x, -30.0f, 89.0f);
        Vector128<float> p = Expm1Reduced(ReduceByLn2(a, out Vector128<float> exponent));
        Vector128<int> n = WholePart(exponent);

        // 2^128 is beyond the format, so the sum is formed at 2^half and scaled by 2^rest.
        Vector128<int> half = n >> 1;
        Vector128<int> rest = n - half;
        Vector128<float> scale = PowerOfTwo(half);
        return (MultiplyAdd(p, scale, scale - PowerOfTwo(-rest)) * PowerOfTwo(rest)) | SignOf(x);
    }

    /// <summary>Hyperbolic sine. Error ≤ 2 ULP; ±∞ beyond ±89.42, sign of zero kept.</summary>
    /// <remarks>x + x³·p(x²) below 1, else w − 1/(4w) with w = e^|x| / 2.</remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Sinh(Vector128<float> x)
    {
        Vector128<float> u = x * x;
        Vector128<float> p = MultiplyAdd(u, Vector128.Create(2.7822132e-06f), 0.00019842896f);
        p = MultiplyAdd(p, u, 0.0083333105f);
        p = MultiplyAdd(p, u, 0.16666667f);
        Vector128<float> small = MultiplyAdd(x * u, p, x);

        Vector128<float> w = HalfExp(Vector128.Abs(x));
        Vector128<float> large = (w - (Vector128.Create(0.25f) / w)) | SignOf(x);
        return Vector128.ConditionalSelect(Vector128.LessThan(Vector128.Abs(x), Vector128<float>.One), small, large);
    }

    /// <summary>Hyperbolic cosine. Error ≤ 2 ULP; +∞ beyond ±89.42.</summary>
    /// <remarks>w + 1/(4w) with w = e^|x| / 2.</remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Cosh(Vector128<float> x)
    {
        Vector128<float> w = HalfExp(Vector128.Abs(x));
        return w + (Vector128.Create(0.25f) / w);
    }

    /// <summary>tanh x. Error ≤ 2.7 ULP; exactly ±1 from |x| ≈ 9.02 on, exact for denormals, sign of zero kept.</summary>
    /// <remarks>With m = e^(−2|x|) − 1, tanh |x| = −m / (2 + m): no cancellation at either end.</remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Tanh(Vector128<float> x)
    {
        Vector128<float> magnitude = Vector128.MinNative(Vector128.Create(16.0f), Vector128.Abs(x));
        Vector128<float> m = Expm1Normal(magnitude * Vector128.Create(-2.0f));
        return Vector128.Abs(m / (Vector128.Create(2.0f) + m)) | SignOf(x);
    }

    // e^r for x = n·ln 2 + r, for x in [−170, 130] or NaN.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> ExpReduced(Vector128<float> x, out Vector128<float> exponent)
        => Expm1Reduced(ReduceByLn2(x, out exponent)) + Vector128<float>.One;

    // e^x − 1 for x in [−87, 87] or NaN; −0 gives +0.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> Expm1Normal(Vector128<float> x)
    {
        Vector128<float> p = Expm1Reduced(ReduceByLn2(x, out Vector128<float> exponent));
        Vector128<float> scale = ScaledNormal(Vector128<float>.One, exponent);
        return MultiplyAdd(p, scale, scale - Vector128<float>.One);
    }

    // e^x / 2 for x ≥ 0 or NaN: finite up to 89.41.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> HalfExp(Vector128<float> x)
    {
        Vector128<float> a = Vector128.MinNative(Vector128.Create(90.0f), x);
        Vector128<float> p = ExpReduced(a, out Vector128<float> exponent);
        return Scaled(p * Vector128.Create(0.5f), exponent);
    }

    // x − n·ln 2, with n the integer nearest to x / ln 2.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> ReduceByLn2(Vector128<float> x, out Vector128<float> exponent)
    {
        Vector128<float> shifted = MultiplyAdd(x, Vector128.Create(Log2E), RoundingShift);
        Vector128<float> n = shifted - Vector128.Create(RoundingShift);
        exponent = ScalesAtOnce ? n : shifted;
        return MultiplyAdd(n, Vector128.Create(-Ln2Low), MultiplyAdd(n, Vector128.Create(-Ln2High), x));
    }

    // x − n with n the integer nearest to x, exact, for x in [−127, 128] or NaN; for any x where ScalesAtOnce.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> ReduceToHalf(Vector128<float> x, out Vector128<float> exponent)
    {
        if (ScalesAtOnce)
        {
            Vector128<float> r = Fraction(x);
            exponent = x - r;
            return r;
        }

        exponent = x + Vector128.Create(RoundingShift);
        return x - (exponent - Vector128.Create(RoundingShift));
    }

    // What the reductions call exponent is n where ScalesAtOnce, elsewhere n plus the rounding shift, in whose low bits it stands.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<int> WholePart(Vector128<float> exponent)
    {
        Vector128<float> shifted = ScalesAtOnce ? exponent + Vector128.Create(RoundingShift) : exponent;
        return shifted.AsInt32() - Vector128.Create(RoundingShiftBits);
    }

    // p·2^n, rounded once, for |n| ≤ 250: 2^n itself may be denormal or infinite, so it is two factors.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> Scaled(Vector128<float> p, Vector128<float> exponent)
    {
        if (ScalesAtOnce)
        {
            return Scale(p, exponent);
        }

        Vector128<int> n = WholePart(exponent);
        Vector128<int> half = n >> 1;
        return p * PowerOfTwo(half) * PowerOfTwo(n - half);
    }

    // p·2^n for n in [−126, 127], where 2^n is one number; 0 for −127, ∞ for 128.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> ScaledNormal(Vector128<float> p, Vector128<float> exponent)
        => ScalesAtOnce ? Scale(p, exponent) : p * PowerOfTwo(exponent.AsInt32());

    // 1 + p·2^n for n as above.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> OnePlusScaledNormal(Vector128<float> p, Vector128<float> exponent) => ScalesAtOnce
        ? Scale(p, exponent) + Vector128<float>.One
        : MultiplyAdd(p, PowerOfTwo(exponent.AsInt32()), 1.0f);

    // 2^r for |r| ≤ ½, relative error 2^−23.3.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> Exp2Reduced(Vector128<float> r)
    {
        Vector128<float> p = MultiplyAdd(r, Vector128.Create(0.0013302669f), 0.009672605f);
        p = MultiplyAdd(p, r, 0.05550651f);
        p = MultiplyAdd(p, r, 0.24022225f);
        p = MultiplyAdd(p, r, 0.693147f);
        return MultiplyAdd(p, r, 1.0f);
    }

    // e^r − 1 for |r| ≤ ln 2 / 2: r + r²·q(r), relative error of 1 + the result 2^−27.8.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> Expm1Reduced(Vector128<float> r)
    {
        Vector128<float> q = MultiplyAdd(r, Vector128.Create(0.001403569f), 0.008372289f);
        q = MultiplyAdd(q, r, 0.04166555f);
        q = MultiplyAdd(q, r, 0.16666488f);
        q = MultiplyAdd(q, r, 0.5f);
        return MultiplyAdd(r * r, q, r);
    }
}
