using System.Collections.Generic;
using System.CommandLine;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Text.Json;
using System.Threading;
using AotCompiler.Cli.CommandLine;
using AotCompiler.Cli.Compilation;
using AotCompiler.Cli.Reports;
using AotCompiler.Cli.Tuning;
using AotCompiler.Compiler;
using AotCompiler.Emission;
using Spectre.Console;

namespace AotCompiler.Cli.Commands;

/// <summary>Measures the ways to compute each layer on this machine and writes which are the fastest.</summary>
internal sealed class TuneCommand : ModelCommand
{
    private readonly Option<string?> _output = new("--output", "-o")
    {
        HelpName = "FILE",
        Description = $"Where to write the choices. Default: beside the model, with the ending {TuningFile.Suffix}, where a build finds them.",
    };

    private readonly Option<double> _seconds = NumberOption.NonNegative("--seconds", "Begin no new measurements after this time.", 120);

    private readonly Option<string?> _data = new("--data")
    {
        HelpName = "DIR",
        Description = "Folder with test_data_set_N folders, of which the first gives the inputs. Default: beside the model; generated inputs if there is none.",
    };

    public override string Name => "tune";

    public override string Description => "Measures the ways to compute each layer on this machine and writes MODEL.tune.json, which builds use.";

    public override IReadOnlyList<string> Examples => ["aotc tune mobilenet.onnx", "aotc tune bert.onnx --dim batch=1 --dim seq=128 --isa x86-64-v3 -o bert.v3.tune.json"];

    protected override IEnumerable<Symbol> Symbols => [_output, _seconds, _data];

    protected override IEnumerable<Option> SharedOptions => [Options.Dimensions, Options.Isa, Options.Json];

    public override int Execute(ParseResult parse, Terminal terminal, CancellationToken cancellation)
    {
        using MeasuredModel model = MeasuredModel.Open(
            parse.GetRequiredValue(Options.Model), Options.ToCompilerOptions(parse), parse.GetValue(_data), threads: 1, terminal, cancellation);
        Simd simd = Simd.OfBits(HostVectors.BitsOf(model.Options.Isa))!;
        Tuner tuner = terminal.Progress($"Tuning {model.Source.Name}", tell =>
        {
            var tuner = new Tuner(model, simd, parse.GetValue(_seconds), what => tell($"Tuning {model.Source.Name}: {what}"), cancellation);
            tuner.Run();
            return tuner;
        });
        string path = parse.GetValue(_output) ?? TuningFile.PathFor(model.Source.FullPath);
        TuneReport report = Report(model, simd, tuner, Path.GetFileName(path));
        WriteFile(path, model, report);
        Write(terminal, report);
        return ExitCode.Success;
    }

    private static void WriteFile(string path, MeasuredModel model, TuneReport report)
    {
        var content = new TuningFileContent(
            TuningFile.Version,
            model.Source.File.Sha256,
            report.Isa,
            report.VectorBits,
            report.Layers.Select(static l => new TuningFileLayer(l.Layer, l.Choice, System.Math.Round(l.Us, 3), System.Math.Round(l.DefaultUs, 3))).ToArray());
        File.WriteAllText(path, JsonSerializer.Serialize(content, ReportJson.Default.TuningFileContent) + "\n");
    }

    private static TuneReport Report(MeasuredModel model, Simd simd, Tuner tuner, string file) => new()
    {
        Model = model.Source.Name,
        Isa = model.Options.Isa.Name,
        VectorBits = simd.Bits,
        File = file,
        Rounds = tuner.Rounds,
        Seconds = tuner.Elapsed,
        DefaultMs = tuner.DefaultMs,
        TunedMs = tuner.TunedMs,
        Layers = tuner.Layers.Select(static g => new LayerTuning(
            g.Layer,
            g.Nodes,
            g.Choices[0],
            1000 * g.DefaultTime,
            g.Best,
            1000 * g.BestTime,
            g.Times.Select(static t => new TriedChoice(t.Key, 1000 * t.Value)).ToArray())).ToArray(),
    };

    private static void Write(Terminal terminal, TuneReport report)
    {
        if (terminal.Json)
        {
            terminal.WriteJson(report, ReportJson.Default.TuneReport);
            return;
        }

        LayerTuning[] changed = report.Layers.Where(static l => l.Choice != l.DefaultChoice).ToArray();
        Tables.Facts(
            terminal,
            ("model", report.Model),
            ("target", $"{report.Isa}, vectors of {report.VectorBits} bits"),
            ("measured", $"{report.Rounds} builds in {Real(report.Seconds, 0)} s, {report.Layers.Count} shapes of layers"),
            ("latency", $"min {Real(report.TunedMs, 4)} ms, was {Real(report.DefaultMs, 4)} ms ({Real(100 * (1 - (report.TunedMs / report.DefaultMs)), 1)} % less)"),
            ("changed", $"{changed.Length} of {report.Layers.Count}"),
            ("written", report.File));
        if (changed.Length == 0)
        {
            return;
        }

        Table table = Tables.New("layer", ">nodes", "by estimate", ">us", "measured", ">us");
        foreach (LayerTuning layer in changed.OrderByDescending(static l => l.DefaultUs - l.Us))
        {
            Tables.Row(table, layer.Layer, $"{layer.Nodes.Count}", layer.DefaultChoice, Real(layer.DefaultUs, 1), layer.Choice, Real(layer.Us, 1));
        }

        terminal.Rich.Write(table);
    }

    private static string Real(double value, int digits) => value.ToString($"F{digits}", CultureInfo.InvariantCulture);
}
