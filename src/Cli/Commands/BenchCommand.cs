using System;
using System.Collections.Generic;
using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using System.Linq;
using System.Threading;
using AotCompiler.Cli.Bench;
using AotCompiler.Cli.CommandLine;
using AotCompiler.Cli.Compilation;
using AotCompiler.Cli.Data;
using AotCompiler.Cli.Numerics;
using AotCompiler.Cli.Peer;
using AotCompiler.Cli.Profiling;
using AotCompiler.Cli.Reports;
using AotCompiler.Compiler;

namespace AotCompiler.Cli.Commands;

/// <summary>Times a model, alone or against ONNX Runtime.</summary>
internal sealed class BenchCommand : ModelCommand
{
    private const int AllocationRuns = 16;

    private readonly Option<int?> _threads = NumberOption.Threads();

    private readonly Option<string?> _peer = new("--against-onnxruntime")
    {
        HelpName = "PATH",
        Description = "ONNX Runtime's native library (libonnxruntime.so, onnxruntime.dll). It is timed in the same process, in alternating bursts, with all its optimisations.",
    };

    private readonly Option<string[]> _libraries = new("--library")
    {
        HelpName = "PATH",
        Description = "A C library that 'aotc build' made of the same model, timed in the same process. Can be given several times.",
        DefaultValueFactory = static _ => [],
    };

    private readonly Option<double> _seconds = NumberOption.NonNegative("--seconds", "How long to measure, after a warm-up.", 3);

    private readonly Option<int?> _runs = NumberOption.Count("--runs", "Number of runs to time instead of --seconds.");

    private readonly Option<string?> _data = new("--data")
    {
        HelpName = "DIR",
        Description = "Folder with test_data_set_N folders, of which the first gives the inputs. Default: beside the model; generated inputs if there is none.",
    };

    public override string Name => "bench";

    public override string Description => "Times a model: latency, memory, allocations; alone or against ONNX Runtime.";

    public override IReadOnlyList<string> Examples =>
    [
        "aotc bench mobilenet.onnx",
        "aotc bench bert.onnx --dim batch=1 --dim seq=128 --seconds 10 --json",
        "aotc bench mobilenet.onnx --library out/lib/libmobilenet.so",
        "aotc bench mobilenet.onnx --threads 2 --against-onnxruntime /opt/onnxruntime/lib/libonnxruntime.so",
    ];

    protected override IEnumerable<Symbol> Symbols => [_threads, _peer, _libraries, _seconds, _runs, _data];

    public override int Execute(ParseResult parse, Terminal terminal, CancellationToken cancellation)
    {
        int threads = parse.GetValue(_threads) ?? 1;
        using MeasuredModel model = MeasuredModel.Open(
            parse.GetRequiredValue(Options.Model), Options.ToCompilerOptions(parse), parse.GetValue(_data), threads, terminal, cancellation);
        using Contest? contest = parse.GetValue(_peer) is { } library ? Contest.Open(library, model, threads) : null;
        ModelLibrary[] libraries = parse.GetRequiredValue(_libraries).Select(path => ModelLibrary.Open(path, model)).ToArray();
        var length = new BenchmarkLength(parse.GetValue(_seconds), parse.GetValue(_runs));
        Func<double>[] contestants = [model.Session.Model.RunTimed, .. libraries.Select(static l => (Func<double>)l.RunTimed), .. contest is null ? [] : new Func<double>[] { contest.RunTimed }];
        Latencies[] times = terminal.Progress($"Timing {model.Source.Name}", _ => new AlternatingBenchmark(contestants, cancellation, threads > 1).Measure(length));
        BenchReport report = Report(model, threads, times[0], MachinePeak.MeasureGigaFlops(HostVectors.BitsOf(model.Options.Isa)));
        report = contest is null ? report : report with
        {
            OnnxruntimeVersion = contest.Version,
            OnnxruntimeMinMs = times[^1].Min,
            OnnxruntimeMedianMs = times[^1].Median,
            Ratio = times[^1].Median / times[0].Median,
        };
        report = report with { Libraries = libraries.Select((library, i) => Describe(library, times[i + 1], times[0], model)).ToArray() };
        Write(terminal, report);
        return ExitCode.Success;
    }

    private static BenchReport Report(MeasuredModel model, int threads, Latencies times, double peak) => new()
    {
        Model = model.Source.Name,
        Dimensions = model.Options.Dimensions.ToDictionary(static d => d.Name, static d => d.Value),
        Inputs = model.Origin,
        Isa = model.Options.Isa.Name,
        VectorBits = HostVectors.BitsOf(model.Options.Isa),
        Threads = threads,
        Runs = times.Count,
        MinMs = times.Min,
        MedianMs = times.Median,
        P99Ms = times.P99,
        ArenaBytes = model.Session.Plan.Arena.ArenaBytes,
        ArenaLowerBoundBytes = model.Session.Plan.Arena.LowerBound,
        ArenaWithoutReuseBytes = model.Session.Plan.Arena.BytesWithoutReuse,
        WeightBytes = model.Session.Plan.WeightBytes,
        AllocatedBytesPerRun = model.Session.Model.MeasureAllocation(AllocationRuns),
        MultiplyAdds = model.Session.Plan.MultiplyAdds,
        PeakGigaFlops = peak,
        PercentOfPeak = 100 * 2e-6 * model.Session.Plan.MultiplyAdds / Math.Max(times.Median, 1e-6) / (peak * threads),
    };

    private static LibraryReport Describe(ModelLibrary library, Latencies times, Latencies ours, MeasuredModel model) => new()
    {
        Path = library.Path,
        Isa = library.Isa,
        MinMs = times.Min,
        MedianMs = times.Median,
        Ratio = times.Median / ours.Median,
        SameBits = library.Agrees(model.Session.Model),
    };

    private static void Write(Terminal terminal, BenchReport report)
    {
        if (terminal.Json)
        {
            terminal.WriteJson(report, ReportJson.Default.BenchReport);
            return;
        }

        string peer = report.OnnxruntimeMedianMs is null
            ? string.Empty
            : $"median {Milliseconds(report.OnnxruntimeMedianMs.Value)}, min {Milliseconds(report.OnnxruntimeMinMs!.Value)} (version {report.OnnxruntimeVersion})";
        Tables.Facts(
            terminal,
            ("model", report.Model),
            ("dimensions", string.Join(" ", report.Dimensions.Select(static d => $"{d.Key}={d.Value}"))),
            ("inputs", report.Inputs),
            ("target", $"{report.Isa}, vectors of {report.VectorBits} bits, {Tables.Threads(report.Threads)}"),
            ("latency", $"median {Milliseconds(report.MedianMs)}, min {Milliseconds(report.MinMs)}, p99 {Milliseconds(report.P99Ms)} ({Tables.Number(report.Runs)} runs)"),
            ("speed", $"{report.MultiplyAdds / report.MedianMs / 1e6:0.00} billion multiply-adds per second ({Tables.Number(report.MultiplyAdds)} per run)"),
            ("peak", $"{report.PercentOfPeak.ToString("0.0", CultureInfo.InvariantCulture)} % of {(report.PeakGigaFlops * report.Threads).ToString("0", CultureInfo.InvariantCulture)} GFLOP/s, this machine's peak"),
            ("arena", $"{Tables.Number(report.ArenaBytes)} bytes (lower bound {Tables.Number(report.ArenaLowerBoundBytes)}, without reuse {Tables.Number(report.ArenaWithoutReuseBytes)})"),
            ("weights", $"{Tables.Number(report.WeightBytes)} bytes"),
            ("allocated", $"{Tables.Number(report.AllocatedBytesPerRun)} bytes per run"),
            ("ONNX Runtime", peer),
            ("libraries", string.Join("\n", report.Libraries.Select(static l =>
                $"{l.Path} ({l.Isa}): median {Milliseconds(l.MedianMs)}, {l.Ratio.ToString("0.00", CultureInfo.InvariantCulture)} times ours, {(l.SameBits ? "the same bits" : "other bits")}"))),
            ("ratio", report.Ratio is { } ratio ? $"{ratio.ToString("0.00", CultureInfo.InvariantCulture)} (its median / ours; above 1 ours is faster)" : string.Empty));
    }

    private static string Milliseconds(double value) => $"{value.ToString(value < 1 ? "0.0000" : "0.000", CultureInfo.InvariantCulture)} ms";
}
