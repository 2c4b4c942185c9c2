using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace AotCompiler.Runtime;

// The error function and its kin. Written for 128 bits; the project derives the other widths.
public static partial class VectorMath
{
    /// <summary>Error function. Error ≤ 6 ULP; exactly ±1 from |x| = 3.925 on, sign of zero kept.</summary>
    /// <remarks>x·P(x²)/Q(x²) with P and Q of degree 5, all coefficients positive, relative error 2^−25.6.</remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Erf(Vector128<float> x)
    {
        Vector128<float> a = Clamp(x, -3.925f, 3.925f);
        Vector128<float> u = a * a;
        Vector128<float> p = MultiplyAdd(u, Vector128.Create(2.045974e-06f), 0.00028483206f);
        p = MultiplyAdd(p, u, 0.0037723328f);
        p = MultiplyAdd(p, u, 0.052768614f);
        p = MultiplyAdd(p, u, 0.19058959f);
        p = MultiplyAdd(p, u, 1.1283791f);
        Vector128<float> q = MultiplyAdd(u, Vector128.Create(3.804662e-05f), 0.0011637926f);
        q = MultiplyAdd(q, u, 0.014982771f);
        q = MultiplyAdd(q, u, 0.11418088f);
        q = MultiplyAdd(q, u, 0.50223833f);
        q = MultiplyAdd(q, u, 1.0f);
        return Clamp(a * p / q, -1.0f, 1.0f);
    }
}
