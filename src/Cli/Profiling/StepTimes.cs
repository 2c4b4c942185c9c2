using System;
using System.Collections.Generic;
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

    // Two instances in turn take each other's data out of the caches, so that each runs a few times before the other does.
    private const int RunsInTurn = 8;

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

    /// <summary>Measures instances of a model that was generated to be profiled, in turn.</summary>
    public static StepTimes[] Measure(IReadOnlyList<LoadedModel> models, int steps, BenchmarkLength length, CancellationToken cancellation)
    {
        StepTimes[] times = models.Select(_ => new StepTimes(steps)).ToArray();
        var timestamps = new long[steps + 1];
        double milliseconds = 1000.0 / Stopwatch.Frequency;
        long cost = TimerCost();
        int runsInTurn = models.Count == 1 || length.Runs is not null ? 1 : RunsInTurn;
        foreach (LoadedModel model in Enumerable.Repeat(models, WarmUps).SelectMany(static m => m))
        {
            model.RunProfiled(timestamps);
        }

        long start = Stopwatch.GetTimestamp();
        while (!times[0].IsDone(length, Stopwatch.GetElapsedTime(start).TotalSeconds))
        {
            cancellation.ThrowIfCancellationRequested();
            for (int i = 0; i < models.Count; i++)
            {
                for (int run = 0; run < runsInTurn; run++)
                {
                    times[i].Measure(models[i], timestamps, cost, milliseconds);
                }
            }
        }

        return times;
    }

    private void Measure(LoadedModel model, long[] timestamps, long cost, double milliseconds)
    {
        Whole.Add(model.RunTimed());
        Array.Clear(timestamps);
        model.RunProfiled(timestamps);
        Add(timestamps, cost, milliseconds);
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
