using System;
using System.Diagnostics;
using System.Threading;

namespace AotCompiler.Cli.Bench;

/// <summary>How long to measure.</summary>
/// <param name="Seconds">Time for all contestants together, after the warm-up; ignored if <paramref name="Runs"/> is given.</param>
/// <param name="Runs">Runs of each contestant; null to measure by time.</param>
internal sealed record BenchmarkLength(double Seconds, int? Runs);

/// <summary>
/// Times contestants in short alternating bursts, so that what the machine does meanwhile (clock changes, other
/// programs) meets all of them alike.
/// </summary>
internal sealed class AlternatingBenchmark
{
    private const double BurstMilliseconds = 20;
    private const double WarmUpMilliseconds = 300;
    private const int PauseMilliseconds = 60;
    private const int MinWarmUps = 3;
    private const int MinRuns = 5;
    private const int MaxRuns = 1_000_000;

    private readonly Func<double>[] _contestants;
    private readonly CancellationToken _cancellation;
    private readonly bool _pauses;

    /// <param name="contestants">Each runs once and returns its time in milliseconds.</param>
    /// <param name="cancellation">Ends the measurement.</param>
    /// <param name="pauses">
    /// True to wait between bursts, for contestants with threads of their own: those of ONNX Runtime poll for 40 ms
    /// after a run, on the cores that the next contestant needs.
    /// </param>
    public AlternatingBenchmark(Func<double>[] contestants, CancellationToken cancellation, bool pauses = false)
    {
        _pauses = pauses;
        _contestants = contestants;
        _cancellation = cancellation;
    }

    /// <summary>Warms all contestants up and measures them.</summary>
    public Latencies[] Measure(BenchmarkLength length)
    {
        foreach (Func<double> contestant in _contestants)
        {
            WarmUp(contestant);
        }

        var results = new Latencies[_contestants.Length];
        for (int i = 0; i < results.Length; i++)
        {
            results[i] = new Latencies();
        }

        long start = Stopwatch.GetTimestamp();
        while (!IsDone(results, length, Stopwatch.GetElapsedTime(start).TotalSeconds))
        {
            for (int i = 0; i < _contestants.Length; i++)
            {
                Burst(_contestants[i], results[i], length.Runs ?? MaxRuns);
            }
        }

        return results;
    }

    private static bool IsDone(Latencies[] results, BenchmarkLength length, double elapsedSeconds) => length.Runs is { } runs
        ? Array.TrueForAll(results, r => r.Count >= runs)
        : (elapsedSeconds >= length.Seconds && Array.TrueForAll(results, static r => r.Count >= MinRuns))
            || Array.Exists(results, static r => r.Count >= MaxRuns);

    private void WarmUp(Func<double> contestant)
    {
        long start = Stopwatch.GetTimestamp();
        for (int i = 0; i < MinWarmUps || Stopwatch.GetElapsedTime(start).TotalMilliseconds < WarmUpMilliseconds; i++)
        {
            _cancellation.ThrowIfCancellationRequested();
            contestant();
        }
    }

    /// <summary>Runs for the burst's time, at least once. The first run of a burst finds cold caches and does not count.</summary>
    private void Burst(Func<double> contestant, Latencies result, int maxRuns)
    {
        if (result.Count >= maxRuns)
        {
            return;
        }

        if (_contestants.Length > 1)
        {
            Thread.Sleep(_pauses ? PauseMilliseconds : 0);
            contestant();
        }

        long start = Stopwatch.GetTimestamp();
        do
        {
            _cancellation.ThrowIfCancellationRequested();
            result.Add(contestant());
        }
        while (result.Count < maxRuns && Stopwatch.GetElapsedTime(start).TotalMilliseconds < BurstMilliseconds);
    }
}
