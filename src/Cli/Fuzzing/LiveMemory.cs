using System;
using System.Diagnostics;
using System.Threading;

namespace AotCompiler.Cli.Fuzzing;

/// <summary>How much managed memory work needs at a time.</summary>
internal static class LiveMemory
{
    private static readonly TimeSpan _shortest = TimeSpan.FromMilliseconds(2);

    /// <summary>Most bytes that were reachable at once while work ran, beyond what was before: collects garbage half of the time, which makes the work slow.</summary>
    public static long Peak(Action work)
    {
        long before = Reachable();
        long peak = 0;
        bool done = false;
        var sampler = new Thread(() =>
        {
            while (!Volatile.Read(ref done))
            {
                long start = Stopwatch.GetTimestamp();
                peak = Math.Max(peak, Reachable() - before);
                TimeSpan taken = Stopwatch.GetElapsedTime(start);
                Thread.Sleep(taken > _shortest ? taken : _shortest);
            }
        });
        sampler.Start();
        try
        {
            work();
        }
        finally
        {
            Volatile.Write(ref done, true);
            sampler.Join();
        }

        return peak;
    }

    private static long Reachable()
    {
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Forced, blocking: true);
        return GC.GetTotalMemory(forceFullCollection: false);
    }
}
