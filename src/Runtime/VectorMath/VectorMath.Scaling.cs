using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace AotCompiler.Runtime;

// The two operations of the exponentials that no vector type offers: AVX-512 multiplies by a power of two, and takes what
// is left of the nearest integer, in one instruction each.
public static partial class VectorMath
{
    // Rounding to nearest, ties to even, with no digits kept behind the point.
    private const byte ToNearest = 0;

    private static bool ScalesAtOnce
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Avx512F.VL.IsSupported && Avx512DQ.VL.IsSupported;
    }

    // p·2^n, rounded once, for integers and infinities n, where ScalesAtOnce.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> Scale(Vector128<float> p, Vector128<float> n) => Avx512F.VL.Scale(p, n);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> Scale(Vector256<float> p, Vector256<float> n) => Avx512F.VL.Scale(p, n);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Scale(Vector512<float> p, Vector512<float> n) => Avx512F.Scale(p, n);

    // x less the integer nearest to it, exact; 0 for infinities. Where ScalesAtOnce.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> Fraction(Vector128<float> x) => Avx512DQ.VL.Reduce(x, ToNearest);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> Fraction(Vector256<float> x) => Avx512DQ.VL.Reduce(x, ToNearest);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Fraction(Vector512<float> x) => Avx512DQ.Reduce(x, ToNearest);
}
