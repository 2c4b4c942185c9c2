using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace AotCompiler.Runtime;

// Logarithms. Written for 128 bits; the project derives the other widths.
public static partial class VectorMath
{
    /// <summary>Natural logarithm. Error ≤ 1 ULP; −∞ at ±0, NaN below zero, +∞ at +∞, right for denormals.</summary>
    /// <remarks>x = 2^n·m with m in [√½, √2), then ln m = f − f²/2 + f³·p(f), f = m − 1, with p of degree 7.</remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Log(Vector128<float> x)
    {
        Vector128<float> tiny = Vector128.LessThan(x, Vector128.Create(SmallestNormal));
        Vector128<float> normal = Vector128.ConditionalSelect(tiny, x * Vector128.Create(8388608.0f), x);

        // Subtracting the bits of √½ puts the exponent n in the upper nine bits and leaves m's offset below them.
        Vector128<int> offset = normal.AsInt32() - Vector128.Create(0x3F3504F3);
        Vector128<float> n = Vector128.ConvertToSingle(offset >> 23) - (tiny & Vector128.Create(23.0f));
        Vector128<float> m = ((offset & Vector128.Create(0x007FFFFF)) + Vector128.Create(0x3F3504F3)).AsSingle();
        Vector128<float> result = LogOfProduct(m - Vector128<float>.One, n);

        // +∞ and NaN are their own logarithms; 0 and negative numbers have −∞ and NaN.
        Vector128<float> finite = Vector128.LessThan(x, Vector128.Create(float.PositiveInfinity));
        Vector128<float> positive = Vector128.GreaterThan(x, Vector128<float>.Zero);
        Vector128<float> negative = Vector128.LessThan(x, Vector128<float>.Zero);
        Vector128<float> atMostZero = Vector128.Create(float.NegativeInfinity) | negative;
        return Vector128.ConditionalSelect(finite, Vector128.ConditionalSelect(positive, result, atMostZero), x);
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
