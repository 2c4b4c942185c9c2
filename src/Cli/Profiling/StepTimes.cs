using System;
using System.Diagnostics;
using System.Linq;
using System.Threading;
using AotCompiler.Cli.Bench;
using AotCompiler.InProcess;

namespace AotCompiler.Cli.Profiling;

/// <summary>Times of a model's steps over many runs, the timer's own cost taken off.</summary>
internal sealed class StepTimes
{
    private const int WarmUps = 5;
    private const int MinRuns = 10;

    // A median needs no more, and a model of hundreds of steps would fill memory.
    private const int MaxRuns = 20_000;

    private readonly Latencies[] _steps;

    private StepTimes(int steps)
    {
        _steps = Enumerable.Range(0, steps).Select(static _ => new Latencies()).ToArray();
    }

    /// <summary>Time of each step, by its index.</summary>
    public Latencies this[int step] => _steps[step];

    /// <summary>Runs of the whole model in between, without timestamps.</summary>
    public Latencies Whole { get; } = new();

    /// <summary>Runs with timestamps.</summary>
    public int Runs { get; private set; }

    /// <summary>Measures a model that was generated to be profiled.</summary>
    public static StepTimes Measure(LoadedModel model, int steps, BenchmarkLength length, CancellationToken cancellation)
    {
        var times = new StepTimes(steps);
        var timestamps = new long[steps + 1];
        double milliseconds = 1000.0 / Stopwatch.Frequency;
        long cost = TimerCost();
        for (int i = 0; i < WarmUps; i++)
        {
            model.RunProfiled(timestamps);
        }

        long start = Stopwatch.GetTimestamp();
        while (!times.IsDone(length, Stopwatch.GetElapsedTime(start).TotalSeconds))
        {
            cancellation.ThrowIfCancellationRequested();
            times.Whole.Add(model.RunTimed());
            Array.Clear(timestamps);
            model.RunProfiled(timestamps);
            times.Add(timestamps, cost, milliseconds);
        }

        return times;
    }

    /// <summary>Notes one run. A step in a branch that was not taken has no timestamp and took no time.</summary>
    private void Add(long[] timestamps, long cost, double milliseconds)
    {
        long previous = timestamps[0];
        for (int i = 0; i < _steps.Length; i++)
        {
            long end = timestamps[i + 1];
            _steps[i].Add(end == 0 ? 0 : Math.Max(0, end - previous - cost) * milliseconds);
            previous = end == 0 ? previous : end;
        }

        Runs++;
    }

    private bool IsDone(BenchmarkLength length, double elapsedSeconds) => length.Runs is { } runs
        ? Runs >= runs
        : (elapsedSeconds >= length.Seconds && Runs >= MinRuns) || Runs >= MaxRuns;

    /// <summary>Ticks between two timestamps with nothing between them, at best.</summary>
    private static long TimerCost()
    {
        long best = long.MaxValue;
        for (int i = 0; i < 10_000; i++)
        {
            long first = Stopwatch.GetTimestamp();
            best = Math.Min(best, Stopwatch.GetTimestamp() - first);
        }

        return best;
    }
}
