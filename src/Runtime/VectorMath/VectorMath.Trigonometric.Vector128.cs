using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace AotCompiler.Runtime;

// Circular functions. Written for 128 bits; the project derives the other widths.
public static partial class VectorMath
{
    /// <summary>sin x in radians. Error ≤ 1.7 ULP for every finite x; NaN at ±∞, sign of zero kept.</summary>
    /// <remarks>
    /// x = k·π/2 + r with |r| ≤ π/4, reduced in double precision (for |x| ≥ 2^20, a lane at a time, with as many bits of 2/π as it
    /// takes), then polynomials of degree 9 for sin r (relative error 2^−32.5) and 8 for cos r (2^−33).
    /// </remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Sin(Vector128<float> x)
    {
        Vector128<float> r = ReduceByHalfPi(x, out Vector128<int> quadrant);
        Vector128<float> value = Vector128.ConditionalSelect(OddMask(quadrant), CosReduced(r), SinReduced(r));
        value ^= ((quadrant & Vector128.Create(2)) << 30).AsSingle();
        return Vector128.ConditionalSelect(Vector128.Equals(x, Vector128<float>.Zero), x, value);
    }

    /// <summary>cos x in radians. Error ≤ 1.7 ULP for every finite x; NaN at ±∞.</summary>
    /// <remarks>As <see cref="Sin(Vector128{float})"/>, a quadrant further.</remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Cos(Vector128<float> x)
    {
        Vector128<float> r = ReduceByHalfPi(x, out Vector128<int> quadrant);
        Vector128<float> value = Vector128.ConditionalSelect(OddMask(quadrant), SinReduced(r), CosReduced(r));
        return value ^ (((quadrant + Vector128<int>.One) & Vector128.Create(2)) << 30).AsSingle();
    }

    /// <summary>tan x in radians. Error ≤ 4 ULP for every finite x; NaN at ±∞, sign of zero kept.</summary>
    /// <remarks>The quotient of the two polynomials of <see cref="Sin(Vector128{float})"/>.</remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Tan(Vector128<float> x)
    {
        Vector128<float> r = ReduceByHalfPi(x, out Vector128<int> quadrant);
        Vector128<float> odd = OddMask(quadrant);
        Vector128<float> sine = SinReduced(r);
        Vector128<float> cosine = CosReduced(r);
        Vector128<float> value = Vector128.ConditionalSelect(odd, cosine, sine) / Vector128.ConditionalSelect(odd, -sine, cosine);
        return Vector128.ConditionalSelect(Vector128.Equals(x, Vector128<float>.Zero), x, value);
    }

    /// <summary>Inverse sine. Error ≤ 2.5 ULP; NaN outside [−1, 1], sign of zero kept.</summary>
    /// <remarks>x + x³·p(x²) up to ½ (p of degree 4, relative error 2^−27.6), else π/2 − 2·asin √((1 − |x|) / 2).</remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Asin(Vector128<float> x)
    {
        Vector128<float> t = Vector128.Abs(x);
        Vector128<float> p = ArcReduced(t, out Vector128<float> upper);
        Vector128<float> complement = Vector128.Create(HalfPiHigh) - (p + p - Vector128.Create(HalfPiLow));
        return Vector128.ConditionalSelect(upper, complement, p) | SignOf(x);
    }

    /// <summary>Inverse cosine. Error ≤ 2 ULP; NaN outside [−1, 1].</summary>
    /// <remarks>π/2 − asin x up to ½, 2·asin √((1 − x) / 2) above, and π minus that of −x below −½.</remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Acos(Vector128<float> x)
    {
        Vector128<float> p = ArcReduced(Vector128.Abs(x), out Vector128<float> upper);
        Vector128<float> signed = p ^ SignOf(x);
        Vector128<float> middle = Vector128.Create(HalfPiHigh) - (signed - Vector128.Create(HalfPiLow));
        Vector128<float> twice = p + p;
        Vector128<float> below = Vector128.Create(2 * HalfPiHigh) - (twice - Vector128.Create(2 * HalfPiLow));
        Vector128<float> outer = Vector128.ConditionalSelect(Vector128.LessThan(x, Vector128<float>.Zero), below, twice);
        return Vector128.ConditionalSelect(upper, outer, middle);
    }

    /// <summary>Inverse tangent. Error ≤ 2 ULP; ±π/2 at ±∞, sign of zero kept.</summary>
    /// <remarks>x + x³·p(x²) up to 1 (p of degree 7, relative error 2^−25.8), else π/2 − atan(1/|x|).</remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Atan(Vector128<float> x)
    {
        Vector128<float> t = Vector128.Abs(x);
        Vector128<float> inverted = Vector128.GreaterThan(t, Vector128<float>.One);
        Vector128<float> a = Vector128.ConditionalSelect(inverted, Vector128<float>.One / t, t);
        Vector128<float> u = a * a;
        Vector128<float> p = MultiplyAdd(u, Vector128.Create(0.0029192513f), -0.016362622f);
        p = MultiplyAdd(p, u, 0.043204f);
        p = MultiplyAdd(p, u, -0.07551615f);
        p = MultiplyAdd(p, u, 0.10665756f);
        p = MultiplyAdd(p, u, -0.14211f);
        p = MultiplyAdd(p, u, 0.19993767f);
        p = MultiplyAdd(p, u, -0.33333153f);
        p = MultiplyAdd(a * u, p, a);
        Vector128<float> complement = Vector128.Create(HalfPiHigh) - (p - Vector128.Create(HalfPiLow));
        return Vector128.ConditionalSelect(inverted, complement, p) | SignOf(x);
    }

    // asin t for t ≤ ½, else asin √((1 − t) / 2), which is half of acos t. NaN for t > 1.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> ArcReduced(Vector128<float> t, out Vector128<float> upper)
    {
        upper = Vector128.GreaterThan(t, Vector128.Create(0.5f));
        Vector128<float> half = (Vector128<float>.One - t) * Vector128.Create(0.5f);
        Vector128<float> u = Vector128.ConditionalSelect(upper, half, t * t);
        Vector128<float> a = Vector128.ConditionalSelect(upper, Vector128.Sqrt(half), t);
        Vector128<float> p = MultiplyAdd(u, Vector128.Create(0.04215831f), 0.024184778f);
        p = MultiplyAdd(p, u, 0.04546915f);
        p = MultiplyAdd(p, u, 0.074953094f);
        p = MultiplyAdd(p, u, 0.16666752f);
        return MultiplyAdd(a * u, p, a);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> SinReduced(Vector128<float> r)
    {
        Vector128<float> u = r * r;
        Vector128<float> p = MultiplyAdd(u, Vector128.Create(2.83251e-06f), -0.00019853064f);
        p = MultiplyAdd(p, u, 0.008333379f);
        p = MultiplyAdd(p, u, -0.16666667f);
        return MultiplyAdd(r * u, p, r);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> CosReduced(Vector128<float> r)
    {
        Vector128<float> u = r * r;
        Vector128<float> p = MultiplyAdd(u, Vector128.Create(2.4432327e-05f), -0.001388731f);
        p = MultiplyAdd(p, u, 0.041666646f);
        return MultiplyAdd(u * u, p, MultiplyAdd(u, Vector128.Create(-0.5f), 1.0f));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> OddMask(Vector128<int> quadrant) => (quadrant << 31 >> 31).AsSingle();

    // r = x − k·π/2 in [−π/4, π/4], rounded once, and k modulo 4 in the low bits of quadrant.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> ReduceByHalfPi(Vector128<float> x, out Vector128<int> quadrant)
    {
        (Vector128<double> low, Vector128<double> high) = Vector128.Widen(x);
        Vector128<double> rLow = ReduceByHalfPi(low, out Vector128<double> kLow);
        Vector128<double> rHigh = ReduceByHalfPi(high, out Vector128<double> kHigh);
        Vector128<float> r = Vector128.Narrow(rLow, rHigh);
        quadrant = (Vector128.Narrow(kLow, kHigh) + Vector128.Create(RoundingShift)).AsInt32();

        // Negated, so that NaN takes the slow path too, where it costs nobody else.
        Vector128<float> near = Vector128.LessThan(Vector128.Abs(x), Vector128.Create(LargestFastAngle));
        return Vector128.EqualsAll(near.AsInt32(), Vector128<int>.AllBitsSet) ? r : ReduceLargeAngles(x, r, ref quadrant);
    }

    // For |k| < 2^20, where k·HalfPi1 and k·HalfPi2 are exact, with or without fused multiply-add.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<double> ReduceByHalfPi(Vector128<double> x, out Vector128<double> k)
    {
        Vector128<double> shift = Vector128.Create(DoubleRoundingShift);
        k = (x * Vector128.Create(TwoOverPi)) + shift - shift;
        Vector128<double> r = x - (k * Vector128.Create(HalfPi1));
        r -= k * Vector128.Create(HalfPi2);
        return r - (k * Vector128.Create(HalfPi3));
    }

    // Angles in a network are small: this is for correctness, not for speed.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static Vector128<float> ReduceLargeAngles(Vector128<float> x, Vector128<float> r, ref Vector128<int> quadrant)
    {
        for (int i = 0; i < Vector128<float>.Count; i++)
        {
            float angle = x.GetElement(i);
            if (!(angle < LargestFastAngle && angle > -LargestFastAngle))
            {
                r = r.WithElement(i, ReduceLargeAngle(angle, out int k));
                quadrant = quadrant.WithElement(i, k);
            }
        }

        return r;
    }
}
