using System.Collections.Generic;
using System.CommandLine;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Text;
using System.Threading;
using AotCompiler.Cli.Bench;
using AotCompiler.Cli.CommandLine;
using AotCompiler.Cli.Compilation;
using AotCompiler.Cli.Profiling;
using AotCompiler.Cli.Profiling.Html;
using AotCompiler.Cli.Reports;
using AotCompiler.Compiler.Printing;
using AotCompiler.InProcess;

namespace AotCompiler.Cli.Commands;

/// <summary>Times every step of a model and sets it against what the machine can do.</summary>
internal sealed class ProfileCommand : ModelCommand
{
    private const int MaxName = 44;

    private readonly Option<string?> _peer = new("--against-onnxruntime")
    {
        HelpName = "PATH",
        Description = "ONNX Runtime's native library. Its own profile gives the time of the same nodes; where it or we fuse nodes, of their sum.",
    };

    private readonly Option<double> _seconds = NumberOption.NonNegative("--seconds", "How long to measure.", 2);

    private readonly Option<int?> _runs = NumberOption.Count("--runs", "Number of runs to time instead of --seconds.");

    private readonly Option<int?> _threads = NumberOption.Threads();

    private readonly Option<string?> _data = new("--data")
    {
        HelpName = "DIR",
        Description = "Folder with test_data_set_N folders, of which the first gives the inputs. Default: beside the model; generated inputs if there is none.",
    };

    private readonly Option<string?> _html = new("--html")
    {
        HelpName = "FILE",
        Description = "Write a self-contained page for people too: totals, a bar per step, the memory map, the roofline, a table that can be sorted.",
    };

    public override string Name => "profile";

    public override string Description => "Times every step: share, speed against the machine's measured peak, bytes moved, kernel.";

    public override IReadOnlyList<string> Examples =>
    [
        "aotc profile mobilenet.onnx",
        "aotc profile mobilenet.onnx --html mobilenet.html",
        "aotc profile mobilenet.onnx --threads 2",
        "aotc profile mobilenet.onnx --isa x86-64-v3 --json",
        "aotc profile mobilenet.onnx --against-onnxruntime /opt/onnxruntime/lib/libonnxruntime.so",
    ];

    protected override IEnumerable<Symbol> Symbols => [_html, _threads, _peer, _seconds, _runs, _data];

    public override int Execute(ParseResult parse, Terminal terminal, CancellationToken cancellation)
    {
        int threads = parse.GetValue(_threads) ?? 1;
        using MeasuredModel model = MeasuredModel.Open(
            parse.GetRequiredValue(Options.Model), Options.ToCompilerOptions(parse) with { Profile = true }, parse.GetValue(_data), threads, terminal, cancellation);
        var length = new BenchmarkLength(parse.GetValue(_seconds), parse.GetValue(_runs));
        MachinePeak peak = terminal.Progress("Measuring the machine", _ => MachinePeak.Measure(HostVectors.BitsOf(model.Options.Isa)));
        using LoadedModel? alone = threads > 1 ? model.Session.Model.Copy(threads: 1) : null;
        LoadedModel[] instances = [model.Session.Model, .. alone is null ? System.Array.Empty<LoadedModel>() : [alone]];
        StepTimes[] times = terminal.Progress(
            $"Timing {model.Source.Name}", _ => StepTimes.Measure(instances, model.Session.Plan.Schedule.Steps.Count, length, cancellation));
        PeerNodeTimes? peer = parse.GetValue(_peer) is { } library
            ? terminal.Progress($"Timing {model.Source.Name} in ONNX Runtime", _ => PeerNodeTimes.Measure(library, model, threads, length, cancellation))
            : null;
        ProfileReport report = ModelProfile.Report(model, times[0], threads, times.ElementAtOrDefault(1), peak, peer);
        if (parse.GetValue(_html) is { } page)
        {
            File.WriteAllText(page, ProfilePage.Write(model.Source.Title, report, PlanDescription.Of(model.Session.Plan)), new UTF8Encoding(encoderShouldEmitUTF8Identifier: false));
        }

        Write(terminal, report);
        return ExitCode.Success;
    }

    private static void Write(Terminal terminal, ProfileReport report)
    {
        if (terminal.Json)
        {
            terminal.WriteJson(report, ReportJson.Default.ProfileReport);
            return;
        }

        Tables.Facts(
            terminal,
            ("model", report.Model),
            ("dimensions", string.Join(" ", report.Dimensions.Select(static d => $"{d.Key}={d.Value}"))),
            ("inputs", report.Inputs),
            ("target", $"{report.Isa}, vectors of {report.VectorBits} bits, {Tables.Threads(report.Threads)}"),
            ("machine", $"{(report.Threads > 1 ? "each core " : string.Empty)}{Real(report.Peak.GigaFlops, 1)} GFLOP/s; reads {Real(report.Peak.CacheGigabytesPerSecond, 0)} GB/s from L1, {Real(report.Peak.MiddleGigabytesPerSecond, 0)} from L2, {Real(report.Peak.MemoryGigabytesPerSecond, 1)} from memory"),
            ("latency", $"min {Real(report.MinMs, 4)} ms, median {Real(report.MedianMs, 4)} ms ({Tables.Number(report.Runs)} runs); sum of steps {Real(report.StepSumMs, 4)} ms"),
            ("speed", $"{Real(report.GigaFlops, 1)} GFLOP/s, {Real(report.PercentOfPeak, 1)} % of the peak ({Tables.Number(report.MultiplyAdds)} multiply-adds)"),
            ("arena", $"{Tables.Number(report.ArenaBytes)} bytes (lower bound {Tables.Number(report.ArenaLowerBoundBytes)})"),
            ("weights", $"{Tables.Number(report.WeightBytes)} bytes"),
            ("ONNX Runtime", report.Onnxruntime is { } peer
                ? $"{Real(peer.MedianMs, 4)} ms (version {peer.Version}); nodes {Real(peer.NodesUs / 1000, 4)} ms, of which {Real(peer.UnmappedUs / 1000, 4)} ms belong to no step"
                : string.Empty));
        WriteSteps(terminal, report);
    }

    private static void WriteSteps(Terminal terminal, ProfileReport report)
    {
        bool hasThreads = report.Threads > 1;
        bool hasPeer = report.Onnxruntime is not null;
        string[] columns = [">#", "step", "operator", "output", ">min us", ">median", .. hasThreads ? [">1 thread", ">speedup"] : System.Array.Empty<string>(), ">share %", ">GFLOP/s", ">% peak", ">KiB moved", ">GB/s"];
        Spectre.Console.Table table = Tables.New([.. columns, .. hasPeer ? [">peer us", ">ratio"] : System.Array.Empty<string>(), "kernel"]);
        foreach (StepProfile step in report.Steps)
        {
            string[] cells =
            [
                $"{step.Index}", End(step.Name), step.Operator ?? "-", string.Join("x", step.Output), Real(step.MinUs, 1), Real(step.MedianUs, 1),
                .. hasThreads ? [Real(step.OneThreadUs, 1), Real(step.Speedup, 2)] : System.Array.Empty<string>(), Real(100 * step.Share, 1),
                Real(step.GigaFlops, 1), Real(step.PercentOfPeak, 0), Real(step.BytesMoved / 1024.0, 1), Real(step.GigabytesPerSecond, 1),
            ];
            string[] theirs = hasPeer ? [Real(step.OnnxruntimeUs, 1), Real(step.OnnxruntimeUs / step.MinUs, 2)] : [];
            Tables.Row(table, [.. cells, .. theirs, step.Kernel]);
        }

        terminal.Rich.Write(table);
    }

    /// <summary>The end of a long name, which tells more than its beginning.</summary>
    private static string End(string name) => name.Length <= MaxName ? name : $"…{name[^(MaxName - 1)..]}";

    private static string Real(double? value, int digits) => value is { } number && double.IsFinite(number)
        ? number.ToString($"F{digits}", CultureInfo.InvariantCulture)
        : "-";
}
