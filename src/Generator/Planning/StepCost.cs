using System;
using AotCompiler.Emission;
using AotCompiler.Lowering;

namespace AotCompiler.Planning;

/// <summary>A rough estimate of a step's time, good enough to tell work that is worth a second thread from work that is not.</summary>
internal static class StepCost
{
    // A current core with 256- or 512-bit vectors: some 30 multiply-adds and 8 bytes of the caches per nanosecond.
    private const double MultiplyAddsPerNanosecond = 30;
    private const double BytesPerNanosecond = 8;

    /// <summary>Least time of a share: a thread that gets one finishes some hundred nanoseconds later than it could alone.</summary>
    private const double NanosecondsPerShare = 2_000;

    /// <summary>Most shares of a step; more threads than this are of no use.</summary>
    private const int MaxShares = 64;

    /// <summary>Estimated nanoseconds on one thread.</summary>
    public static double Nanoseconds(Step step) => (step.MultiplyAdds / MultiplyAddsPerNanosecond) + (step.BytesMoved / BytesPerNanosecond);

    /// <summary>How many equal shares of a step are worth a thread each; 1 if the step is best done in one piece.</summary>
    /// <param name="step">The step.</param>
    /// <param name="everything">True to count any share as worth it, for tests.</param>
    public static int Shares(Step step, bool everything)
    {
        double affordable = everything ? MaxShares : Math.Min(MaxShares, Nanoseconds(step) / NanosecondsPerShare);
        return affordable < 2 ? 1 : (int)Math.Min(affordable, step.ParallelExtent(Simd.V512));
    }
}
