using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace AotCompiler.Runtime;

/// <summary>
/// Weighted sums of windows of a row, a window per lane: <c>Σₜ factors[t · length + lane] · row[starts[lane · taps] + t]</c>. Four neighbours
/// of a window are one load, and four such loads, transposed, are four summands of all lanes.
/// </summary>
public static unsafe class RowWindows
{
    /// <summary>The sums of 4 windows.</summary>
    /// <param name="row">The row.</param>
    /// <param name="starts">Where a window starts: every <paramref name="taps"/>-th number.</param>
    /// <param name="taps">Elements of a window, an even number.</param>
    /// <param name="factors">Factors of the first element of each window.</param>
    /// <param name="length">From these to the factors of the next element.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Sum128(float* row, int* starts, int taps, float* factors, long length)
    {
        Vector128<float> sum = Vector128<float>.Zero;
        int t = 0;
        for (; t <= taps - 4; t += 4)
        {
            Transposition.Columns128(
                Vector128.Load(row + starts[0]),
                Vector128.Load(row + starts[taps]),
                Vector128.Load(row + starts[2 * taps]),
                Vector128.Load(row + starts[3 * taps]),
                out Vector128<float> x0,
                out Vector128<float> x1,
                out Vector128<float> x2,
                out Vector128<float> x3);
            sum = Vector128.MultiplyAddEstimate(x0, Vector128.Load(factors), sum);
            sum = Vector128.MultiplyAddEstimate(x1, Vector128.Load(factors + length), sum);
            sum = Vector128.MultiplyAddEstimate(x2, Vector128.Load(factors + (2 * length)), sum);
            sum = Vector128.MultiplyAddEstimate(x3, Vector128.Load(factors + (3 * length)), sum);
            row += 4;
            factors += 4 * length;
        }

        if (t < taps)
        {
            Vector128<float> low = Pairs(row, starts, taps);
            Vector128<float> high = Pairs(row, starts + (2 * taps), taps);
            sum = Vector128.MultiplyAddEstimate(Even(low, high), Vector128.Load(factors), sum);
            sum = Vector128.MultiplyAddEstimate(Odd(low, high), Vector128.Load(factors + length), sum);
        }

        return sum;
    }

    /// <summary>The sums of 8 windows; see <see cref="Sum128"/>.</summary>
    /// <inheritdoc cref="Sum128" path="/param"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Sum256(float* row, int* starts, int taps, float* factors, long length)
    {
        if (!Avx.IsSupported)
        {
            return Vector256.Create(Sum128(row, starts, taps, factors, length), Sum128(row, starts + (4 * taps), taps, factors + 4, length));
        }

        Vector256<float> sum = Vector256<float>.Zero;
        int t = 0;
        for (; t <= taps - 4; t += 4)
        {
            Transposition.Columns256(
                Fours256(row, starts, taps),
                Fours256(row, starts + taps, taps),
                Fours256(row, starts + (2 * taps), taps),
                Fours256(row, starts + (3 * taps), taps),
                out Vector256<float> x0,
                out Vector256<float> x1,
                out Vector256<float> x2,
                out Vector256<float> x3);
            sum = Vector256.MultiplyAddEstimate(x0, Vector256.Load(factors), sum);
            sum = Vector256.MultiplyAddEstimate(x1, Vector256.Load(factors + length), sum);
            sum = Vector256.MultiplyAddEstimate(x2, Vector256.Load(factors + (2 * length)), sum);
            sum = Vector256.MultiplyAddEstimate(x3, Vector256.Load(factors + (3 * length)), sum);
            row += 4;
            factors += 4 * length;
        }

        if (t < taps)
        {
            Vector256<float> low = Pairs256(row, starts, taps);
            Vector256<float> high = Pairs256(row, starts + (2 * taps), taps);
            sum = Vector256.MultiplyAddEstimate(Avx.Shuffle(low, high, 0x88), Vector256.Load(factors), sum);
            sum = Vector256.MultiplyAddEstimate(Avx.Shuffle(low, high, 0xDD), Vector256.Load(factors + length), sum);
        }

        return sum;
    }

    /// <summary>The sums of 16 windows; see <see cref="Sum128"/>.</summary>
    /// <inheritdoc cref="Sum128" path="/param"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Sum512(float* row, int* starts, int taps, float* factors, long length)
    {
        if (!Avx512F.IsSupported)
        {
            return Vector512.Create(Sum256(row, starts, taps, factors, length), Sum256(row, starts + (8 * taps), taps, factors + 8, length));
        }

        Vector512<float> sum = Vector512<float>.Zero;
        int t = 0;
        for (; t <= taps - 4; t += 4)
        {
            Transposition.Columns512(
                Fours512(row, starts, taps),
                Fours512(row, starts + taps, taps),
                Fours512(row, starts + (2 * taps), taps),
                Fours512(row, starts + (3 * taps), taps),
                out Vector512<float> x0,
                out Vector512<float> x1,
                out Vector512<float> x2,
                out Vector512<float> x3);
            sum = Vector512.FusedMultiplyAdd(x0, Vector512.Load(factors), sum);
            sum = Vector512.FusedMultiplyAdd(x1, Vector512.Load(factors + length), sum);
            sum = Vector512.FusedMultiplyAdd(x2, Vector512.Load(factors + (2 * length)), sum);
            sum = Vector512.FusedMultiplyAdd(x3, Vector512.Load(factors + (3 * length)), sum);
            row += 4;
            factors += 4 * length;
        }

        if (t < taps)
        {
            Vector512<float> low = Vector512.Create(Pairs256(row, starts, taps), Pairs256(row, starts + (8 * taps), taps));
            Vector512<float> high = Vector512.Create(Pairs256(row, starts + (2 * taps), taps), Pairs256(row, starts + (10 * taps), taps));
            sum = Vector512.FusedMultiplyAdd(Avx512F.Shuffle(low, high, 0x88), Vector512.Load(factors), sum);
            sum = Vector512.FusedMultiplyAdd(Avx512F.Shuffle(low, high, 0xDD), Vector512.Load(factors + length), sum);
        }

        return sum;
    }

    /// <summary>Four elements of a window and of the fourth behind it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> Fours256(float* row, int* starts, int taps) =>
        Vector256.Create(Vector128.Load(row + starts[0]), Vector128.Load(row + starts[4 * taps]));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Fours512(float* row, int* starts, int taps) =>
        Vector512.Create(Fours256(row, starts, taps), Fours256(row, starts + (8 * taps), taps));

    /// <summary>Two elements of a window and two of the next.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> Pairs(float* row, int* starts, int taps) =>
        Vector128.Create(*(double*)(row + starts[0]), *(double*)(row + starts[taps])).AsSingle();

    /// <summary>The same of these windows and of the fourth behind them.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> Pairs256(float* row, int* starts, int taps) =>
        Vector256.Create(Pairs(row, starts, taps), Pairs(row, starts + (4 * taps), taps));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> Even(Vector128<float> a, Vector128<float> b) => Sse.IsSupported ? Sse.Shuffle(a, b, 0x88)
        : AdvSimd.Arm64.IsSupported ? AdvSimd.Arm64.UnzipEven(a, b)
        : Vector128.Create(a[0], a[2], b[0], b[2]);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> Odd(Vector128<float> a, Vector128<float> b) => Sse.IsSupported ? Sse.Shuffle(a, b, 0xDD)
        : AdvSimd.Arm64.IsSupported ? AdvSimd.Arm64.UnzipOdd(a, b)
        : Vector128.Create(a[1], a[3], b[1], b[3]);
}
