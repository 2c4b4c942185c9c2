using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace AotCompiler.Runtime;

// Building blocks that every function family shares. Written for 128 bits; the project derives the other widths.
public static partial class VectorMath
{
    /// <summary>Largest integer not above each element; exact.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Floor(Vector128<float> x) => Vector128.Floor(x);

    /// <summary>Smallest integer not below each element; exact.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Ceiling(Vector128<float> x) => Vector128.Ceiling(x);

    /// <summary>Nearest integer, ties to even, as ONNX Round defines; exact.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> RoundHalfEven(Vector128<float> x) => Vector128.Round(x);

    /// <summary>1 / x by division, correctly rounded (not the hardware estimate).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Reciprocal(Vector128<float> x) => Vector128<float>.One / x;

    /// <summary>√x, correctly rounded; NaN below zero, √−0 = −0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Sqrt(Vector128<float> x) => Vector128.Sqrt(x);

    // One instruction where the hardware fuses, two roundings elsewhere. FusedMultiplyAdd would call a software
    // routine there. The stated error bounds hold for both.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> MultiplyAdd(Vector128<float> a, Vector128<float> b, Vector128<float> c)
        => Vector128.MultiplyAddEstimate(a, b, c);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> MultiplyAdd(Vector128<float> a, Vector128<float> b, float c)
        => Vector128.MultiplyAddEstimate(a, b, Vector128.Create(c));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<double> MultiplyAdd(Vector128<double> a, Vector128<double> b, double c)
        => Vector128.MultiplyAddEstimate(a, b, Vector128.Create(c));

    // Restricts x to [low, high] and lets NaN through. The bound stands first: x86 returns the second operand when
    // either is NaN, Arm returns the NaN, and the portable fallback (a < b ? a : b) the second operand.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> Clamp(Vector128<float> x, float low, float high)
        => Vector128.MaxNative(Vector128.Create(low), Vector128.MinNative(Vector128.Create(high), x));

    // 2^n for n in [−126, 127], 0 for −127, ∞ for 128. The low nine bits of the rounding shift are zero, so that n may still
    // have it added: the shift to the left drops all of it.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> PowerOfTwo(Vector128<int> n)
        => ((n << 23) + Vector128.Create(0x3F800000)).AsSingle();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> SignOf(Vector128<float> x) => x & Vector128.Create(-0.0f);
}
