using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace AotCompiler.Runtime;

/// <summary>
/// Weighted sums of windows of a row, a window per lane: <c>Σₜ factors[t · length + lane] · row[starts[lane · taps] + t]</c>. Four neighbours
/// of a window are one load, and four such loads, transposed, are four summands of all lanes. Written for 128 bits; the project derives the
/// other widths.
/// </summary>
public static unsafe class Vector128Windows
{
    /// <summary>The sums of as many windows as the vector has lanes.</summary>
    /// <param name="row">The row.</param>
    /// <param name="starts">Where a window starts: every <paramref name="taps"/>-th number.</param>
    /// <param name="taps">Elements of a window, an even number.</param>
    /// <param name="factors">Factors of the first element of each window.</param>
    /// <param name="length">From these to the factors of the next element.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Sum(float* row, int* starts, int taps, float* factors, long length)
    {
        Vector128<float> sum = Vector128<float>.Zero;
        int t = 0;
        for (; t <= taps - 4; t += 4)
        {
            VectorParts.LoadFours(row, starts, taps, out Vector128<float> x0);
            VectorParts.LoadFours(row, starts + taps, taps, out Vector128<float> x1);
            VectorParts.LoadFours(row, starts + (2 * taps), taps, out Vector128<float> x2);
            VectorParts.LoadFours(row, starts + (3 * taps), taps, out Vector128<float> x3);
            Vector128Tile.Four(ref x0, ref x1, ref x2, ref x3);
            sum = Vector128.MultiplyAddEstimate(x0, Vector128.Load(factors), sum);
            sum = Vector128.MultiplyAddEstimate(x1, Vector128.Load(factors + length), sum);
            sum = Vector128.MultiplyAddEstimate(x2, Vector128.Load(factors + (2 * length)), sum);
            sum = Vector128.MultiplyAddEstimate(x3, Vector128.Load(factors + (3 * length)), sum);
            row += 4;
            factors += 4 * length;
        }

        if (t < taps)
        {
            VectorParts.LoadPairs(row, starts, taps, out Vector128<float> low);
            VectorParts.LoadPairs(row, starts + (2 * taps), taps, out Vector128<float> high);
            sum = Vector128.MultiplyAddEstimate(VectorParts.Even(low, high), Vector128.Load(factors), sum);
            sum = Vector128.MultiplyAddEstimate(VectorParts.Odd(low, high), Vector128.Load(factors + length), sum);
        }

        return sum;
    }
}
