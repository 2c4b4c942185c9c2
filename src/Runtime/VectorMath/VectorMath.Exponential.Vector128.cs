using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace AotCompiler.Runtime;

// e^x and the functions that are a few operations away from it. Written for 128 bits; the project derives the other widths.
public static partial class VectorMath
{
    /// <summary>e^x. Error ≤ 1 ULP; 0 below −103.97, +∞ above 88.72, gradual underflow between −103.97 and −87.34.</summary>
    /// <remarks>x = n·ln 2 + r with |r| ≤ ln 2 / 2, then a polynomial of degree 6 in r, scaled by 2^n.</remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Exp(Vector128<float> x) => ExpInRange(Clamp(x, -104.0f, 89.0f));

    /// <summary>1 / (1 + e^−x). Error ≤ 2.1 ULP, also in the lower tail, which underflows gradually.</summary>
    /// <remarks>e = e^−|x| never overflows; the result is 1 / (1 + e) or e / (1 + e).</remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Sigmoid(Vector128<float> x)
    {
        Vector128<float> e = ExpInRange(Vector128.MaxNative(Vector128.Create(-104.0f), x | Vector128.Create(-0.0f)));
        Vector128<float> numerator = Vector128.ConditionalSelect(Vector128.LessThan(x, Vector128<float>.Zero), e, Vector128<float>.One);
        return numerator / (Vector128<float>.One + e);
    }

    /// <summary>tanh x. Error ≤ 2.5 ULP; exactly ±1 from |x| ≈ 9.02 on, exact for denormals, sign of zero kept.</summary>
    /// <remarks>With m = e^(−2|x|) − 1, tanh |x| = −m / (2 + m): no cancellation at either end.</remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Tanh(Vector128<float> x)
    {
        Vector128<float> magnitude = Vector128.MinNative(Vector128.Create(16.0f), Vector128.Abs(x));
        Vector128<float> m = Expm1InRange(magnitude * Vector128.Create(-2.0f));
        return (-m / (Vector128.Create(2.0f) + m)) | SignOf(x);
    }

    // e^x for x in [−104, 89] or NaN.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> ExpInRange(Vector128<float> x)
    {
        Vector128<float> shifted = MultiplyAdd(x, Vector128.Create(Log2E), RoundingShift);
        Vector128<float> p = Expm1Reduced(ReduceByLn2(x, shifted - Vector128.Create(RoundingShift))) + Vector128<float>.One;

        // n may be −150 … 128, beyond one exponent field. The first product is exact, so the second rounds once.
        Vector128<int> n = shifted.AsInt32() - Vector128.Create(RoundingShiftBits);
        Vector128<int> half = n >> 1;
        return p * PowerOfTwo(half) * PowerOfTwo(n - half);
    }

    // e^x − 1 for x in [−87, 87] or NaN.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> Expm1InRange(Vector128<float> x)
    {
        Vector128<float> shifted = MultiplyAdd(x, Vector128.Create(Log2E), RoundingShift);
        Vector128<float> p = Expm1Reduced(ReduceByLn2(x, shifted - Vector128.Create(RoundingShift)));
        Vector128<float> scale = PowerOfTwo(shifted.AsInt32() - Vector128.Create(RoundingShiftBits));
        return MultiplyAdd(p, scale, scale - Vector128<float>.One);
    }

    // x − n·ln 2.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> ReduceByLn2(Vector128<float> x, Vector128<float> n)
        => MultiplyAdd(n, Vector128.Create(-Ln2Low), MultiplyAdd(n, Vector128.Create(-Ln2High), x));

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
