using System.Linq;
using AotCompiler.Lowering;

namespace AotCompiler.Planning;

/// <summary>What it costs to run a chain in bands, over running its steps one after the other.</summary>
/// <param name="NanosecondsPerCall">Calling a member's method for a few rows.</param>
/// <param name="BytesPerNanosecond">Moving bytes.</param>
/// <param name="CachesWeights">True if weights that are read again come from a farther cache than before.</param>
internal sealed record BandCost(double NanosecondsPerCall, double BytesPerNanosecond, bool CachesWeights)
{
    /// <summary>The first tiles of a call wait for their data; bytes move from the second-level cache and back.</summary>
    private static readonly BandCost _vectors = new(40, 24, CachesWeights: true);

    /// <summary>The cost on a processor of an instruction set.</summary>
    /// <param name="isa">Name of the instruction set.</param>
    /// <param name="hasVectors">True if it has vectors.</param>
    public static BandCost Of(string isa, bool hasVectors)
    {
        DeviceSpeed device = DeviceSpeed.Of(isa);
        return hasVectors ? _vectors : new BandCost(device.CallNanoseconds, device.BytesPerNanosecond, CachesWeights: false);
    }

    /// <summary>Estimated nanoseconds: calls, rows that are moved, and weights that are read again in every band.</summary>
    public long Nanoseconds(BandSchedule chain)
    {
        long again = CachesWeights ? chain.WeightBytes - chain.Members.Sum(static m => m.WeightBytes) : 0;
        return (long)((chain.Calls * NanosecondsPerCall) + (((2 * chain.MovedBytes) + again) / BytesPerNanosecond));
    }
}
