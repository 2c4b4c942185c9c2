using System;

namespace AotCompiler.Kernels;

/// <summary>Equal numbers of pieces for two threads.</summary>
internal static class TwoShares
{
    /// <summary>How much longer than half of the work the larger share is: 0 for halves, 1 if one has everything.</summary>
    /// <param name="pieces">Pieces that are shared.</param>
    /// <param name="size">Size of each but the last.</param>
    /// <param name="all">Size of all together.</param>
    public static double Loss(int pieces, int size, double all)
    {
        double first = pieces / 2 * size;
        return (2 * Math.Max(first, all - first) / all) - 1;
    }
}
