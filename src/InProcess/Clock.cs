using System.Diagnostics;

namespace AotCompiler.InProcess;

/// <summary>Time at the resolution of the machine's clock; a <see cref="System.TimeSpan"/> would round to 100 ns, which is much of a small model's run.</summary>
public static class Clock
{
    private static readonly double _millisecondsPerTick = 1000.0 / Stopwatch.Frequency;

    /// <summary>Milliseconds since a timestamp of <see cref="Stopwatch.GetTimestamp"/>.</summary>
    public static double MillisecondsSince(long timestamp) => (Stopwatch.GetTimestamp() - timestamp) * _millisecondsPerTick;
}
