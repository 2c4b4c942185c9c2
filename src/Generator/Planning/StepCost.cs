using System;
using System.Linq;
using AotCompiler.Emission;
using AotCompiler.Lowering;

namespace AotCompiler.Planning;

/// <summary>A rough estimate of a step's time, good enough to tell work that is worth a second thread from work that is not.</summary>
internal static class StepCost
{
    /// <summary>Time of a point at which two threads wait for each other: a cache line goes there and back.</summary>
    public const double WaitNanoseconds = 400;

    /// <summary>Least time of a share if there are more than two: a thread that gets one finishes some hundred nanoseconds later than it could alone.</summary>
    private const double NanosecondsPerShare = 2_000;

    /// <summary>What the second thread adds to a share: work at both ends, memory that the other one has written.</summary>
    private const double ShareNanoseconds = 150;

    /// <summary>Most shares of a step; more threads than this are of no use.</summary>
    private const int MaxShares = 64;

    /// <summary>Estimated nanoseconds on one thread.</summary>
    public static double Nanoseconds(Step step) => DeviceSpeed.Server.Nanoseconds(step);

    /// <summary>Estimated nanoseconds on two threads; infinite if the step cannot be shared.</summary>
    public static double NanosecondsOfTwo(Step step)
    {
        int extent = Units(step);
        return extent < 2 ? double.PositiveInfinity : (Nanoseconds(step) * ((extent + 1) / 2) / extent) + ShareNanoseconds;
    }

    /// <summary>How many equal shares of a step that is shared at all are worth a thread each.</summary>
    /// <param name="step">The step.</param>
    /// <param name="everything">True to count any share as worth it, for tests.</param>
    public static int Shares(Step step, bool everything)
    {
        double affordable = everything ? MaxShares : Math.Min(MaxShares, Math.Max(2, Nanoseconds(step) / NanosecondsPerShare));
        return Math.Max(1, (int)Math.Min(affordable, Units(step)));
    }

    /// <summary>Units that threads can share, where sizes are known only at run time at their greatest.</summary>
    private static int Units(Step step) => step.SharesRunTimeSizes || !step.Reads.Concat(step.Writes).Any(static v => v.Shape.IsDynamic)
        ? step.ParallelExtent(Simd.V512).Maximum
        : 1;
}
