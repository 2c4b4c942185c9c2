using System.Runtime.CompilerServices;

namespace AotCompiler.Runtime;

/// <summary>
/// Index checks of kernels whose indices are data (Gather, Scatter, OneHot). Kernels cannot throw, and an index may not lead
/// outside a tensor: a bad one becomes 0 and raises a flag, which the public method turns into an exception.
/// </summary>
public static class IndexGuard
{
    /// <summary>Wraps a negative index as ONNX does (−1 is the last element) and checks it.</summary>
    /// <param name="index">Index in [−length, length).</param>
    /// <param name="length">Length of the axis.</param>
    /// <param name="error">Set to 1 if the index is out of range, else left as it is.</param>
    /// <returns>The index in [0, length), or 0 if it is out of range. (An empty axis has no valid index: the caller
    /// reads nothing when the flag is up and the axis empty.)</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static long Normalize(long index, int length, ref int error)
    {
        // The sign bit, spread, adds the length to negative indices only. Wrap-around cannot lead back into the range.
        long wrapped = unchecked(index + ((index >> 63) & length));
        if ((ulong)wrapped < (ulong)length)
        {
            return wrapped;
        }

        error = 1;
        return 0;
    }

    /// <summary>Checks an index that may not be negative.</summary>
    /// <param name="index">Index in [0, length).</param>
    /// <param name="length">Length of the axis.</param>
    /// <param name="error">Set to 1 if the index is out of range, else left as it is.</param>
    /// <returns>The index, or 0 if it is out of range.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static long Check(long index, int length, ref int error)
    {
        if ((ulong)index < (ulong)length)
        {
            return index;
        }

        error = 1;
        return 0;
    }
}
