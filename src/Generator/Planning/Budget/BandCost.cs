using System.Linq;
using AotCompiler.Lowering;

namespace AotCompiler.Planning;

/// <summary>What it costs to run a chain in bands, over running its steps one after the other.</summary>
internal static class BandCost
{
    // Calling a member's method for a few rows, whose first tiles wait for their data.
    private const long NanosecondsPerCall = 40;

    // From the second-level cache and back.
    private const long BytesPerNanosecond = 24;

    /// <summary>Estimated nanoseconds: calls, rows that are moved, and weights that are read again in every band.</summary>
    public static long Nanoseconds(BandSchedule chain)
    {
        long once = chain.Members.Sum(static m => m.WeightBytes);
        return (chain.Calls * NanosecondsPerCall) + (((2 * chain.MovedBytes) + chain.WeightBytes - once) / BytesPerNanosecond);
    }
}
