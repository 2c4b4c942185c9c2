using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Threading;
using AotCompiler.Cli.Bench;
using AotCompiler.Cli.Compilation;
using AotCompiler.Cli.Peer;
using AotCompiler.Cli.Reports;
using AotCompiler.Lowering;
using AotCompiler.Onnx;

namespace AotCompiler.Cli.Profiling;

/// <summary>The peer's time for the nodes that one of our steps computes.</summary>
/// <param name="Microseconds">Sum of their mean times.</param>
/// <param name="Nodes">Their names and operators.</param>
internal sealed record PeerStep(double Microseconds, IReadOnlyList<string> Nodes);

/// <summary>ONNX Runtime's own profile of a model, laid over our steps.</summary>
internal sealed class PeerNodeTimes
{
    private const int MinRuns = 10;
    private const int MaxRuns = 2000;

    private readonly Dictionary<int, PeerStep> _steps;

    private PeerNodeTimes(Dictionary<int, PeerStep> steps, PeerProfile summary)
    {
        _steps = steps;
        Summary = summary;
    }

    public PeerProfile Summary { get; }

    /// <summary>What the peer spends on a step's nodes; null if none of its nodes maps to the step.</summary>
    public PeerStep? Of(int step) => _steps.GetValueOrDefault(step);

    /// <summary>Runs the model in ONNX Runtime with its profiler on.</summary>
    /// <exception cref="OnnxRuntimeException">The library cannot be loaded, or refuses the model.</exception>
    public static PeerNodeTimes Measure(string library, MeasuredModel model, int threads, BenchmarkLength length, CancellationToken cancellation)
    {
        string folder = Directory.CreateTempSubdirectory("aotc-").FullName;
        try
        {
            string optimized = Path.Combine(folder, "optimized.onnx");
            var whole = new Latencies();
            using Contest contest = Contest.Open(library, model, threads, new OnnxRuntimeTrace(Path.Combine(folder, "times"), optimized));
            long start = Stopwatch.GetTimestamp();
            while (whole.Count < (length.Runs ?? MaxRuns) && (length.Runs is not null || whole.Count < MinRuns || Stopwatch.GetElapsedTime(start).TotalSeconds < length.Seconds))
            {
                cancellation.ThrowIfCancellationRequested();
                whole.Add(contest.RunTimed());
            }

            using FileStream stream = File.OpenRead(contest.Session.EndProfiling());
            IReadOnlyList<PeerNode> nodes = PeerTimesFile.Read(stream);
            OnnxModel rewritten = OnnxReader.Read(File.ReadAllBytes(optimized), ExternalDataSource.ForModel(optimized), ReaderLimits.Default, cancellation);
            return Map(model, rewritten, nodes, contest.Version, whole.Median);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static PeerNodeTimes Map(MeasuredModel model, OnnxModel rewritten, IReadOnlyList<PeerNode> nodes, string version, double medianMs)
    {
        var map = new StepOfTensor(model.Source.Onnx.Graph, model.Session.Plan.Schedule.Steps);
        int?[] steps = map.StepsOf(rewritten.Graph, nodes);
        var found = nodes.Select((node, i) => (node, step: steps[i])).ToArray();
        Dictionary<int, PeerStep> byStep = found.Where(static f => f.step is not null)
            .GroupBy(static f => f.step!.Value, static f => f.node)
            .ToDictionary(static g => g.Key, static g => new PeerStep(g.Sum(static n => n.MeanUs), g.Select(static n => $"{n.Name} ({n.Operator})").ToArray()));
        double all = nodes.Sum(static n => n.MeanUs);
        return new PeerNodeTimes(byStep, new PeerProfile(version, medianMs, all, all - byStep.Values.Sum(static s => s.Microseconds)));
    }
}
