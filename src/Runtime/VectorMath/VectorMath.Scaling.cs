using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace AotCompiler.Runtime;

// The one operation of the exponentials that no vector type offers: AVX-512 multiplies by a power of two in one instruction.
public static partial class VectorMath
{
    private static bool ScalesAtOnce => Avx512F.VL.IsSupported;

    // p·2^n, rounded once, for integers n, where ScalesAtOnce.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> Scale(Vector128<float> p, Vector128<float> n) => Avx512F.VL.Scale(p, n);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> Scale(Vector256<float> p, Vector256<float> n) => Avx512F.VL.Scale(p, n);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Scale(Vector512<float> p, Vector512<float> n) => Avx512F.Scale(p, n);
}
