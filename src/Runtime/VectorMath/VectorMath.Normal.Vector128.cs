using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace AotCompiler.Runtime;

// The error function. Written for 128 bits; the project derives the other widths.
public static partial class VectorMath
{
    /// <summary>Error function. Error ≤ 1.5 ULP; exactly ±1 from |x| = 3.95 on, sign of zero kept.</summary>
    /// <remarks>
    /// x + x·p(x²) below 1 (p of degree 6, relative error 2^−29.4), else ±(1 − e^−p(|x|)) (p of degree 6, 2^−29.8).
    /// </remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Erf(Vector128<float> x)
    {
        Vector128<float> t = Vector128.MinNative(Vector128.Create(3.95f), Vector128.Abs(x));
        Vector128<float> u = t * t;
        Vector128<float> p = MultiplyAdd(u, Vector128.Create(7.806904e-05f), -0.0007997853f);
        p = MultiplyAdd(p, u, 0.005187162f);
        p = MultiplyAdd(p, u, -0.026853347f);
        p = MultiplyAdd(p, u, 0.11283579f);
        p = MultiplyAdd(p, u, -0.37612626f);
        p = MultiplyAdd(p, u, 0.12837917f);
        Vector128<float> small = MultiplyAdd(t, p, t);

        // Coefficients of −p, so that the exponent needs no negation.
        Vector128<float> e = MultiplyAdd(t, Vector128.Create(0.00018637314f), -0.002947608f);
        e = MultiplyAdd(e, t, 0.02183789f);
        e = MultiplyAdd(e, t, -0.10310644f);
        e = MultiplyAdd(e, t, -0.63814515f);
        e = MultiplyAdd(e, t, -1.127089f);
        e = MultiplyAdd(e, t, -0.00034155947f);
        Vector128<float> large = Vector128<float>.One - ScaledNormal(ExpReduced(e, out Vector128<float> exponent), exponent);
        return Vector128.ConditionalSelect(Vector128.LessThan(t, Vector128<float>.One), small, large) | SignOf(x);
    }
}
