using System;
using System.Collections.Generic;
using System.CommandLine;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Threading;
using AotCompiler.Cli.CommandLine;
using AotCompiler.Cli.Fuzzing;
using AotCompiler.Cli.Reports;
using AotCompiler.Compiler;
using AotCompiler.Onnx.Proto;

namespace AotCompiler.Cli.Commands;

/// <summary>Compiles broken models, none of which may break the compiler.</summary>
internal sealed class FuzzCommand : ModelCommand
{
    private const int DefaultCount = 1000;

    private readonly Argument<string[]> _models = new("MODEL")
    {
        Description = $"Models to start from, or folders of them, of which files above {SeedModels.MaxBytes} bytes are left out.",
        Arity = ArgumentArity.OneOrMore,
    };

    private readonly Option<int?> _count = NumberOption.Count("--count", $"How many mutants. Default: {DefaultCount}; with --seconds as many as there is time for.");

    private readonly Option<int> _seed = new("--seed")
    {
        HelpName = "S",
        Description = "Chooses the mutants: the same seed, models and version of aotc make the same ones.",
        DefaultValueFactory = static _ => 1,
    };

    private readonly Option<int> _first = new("--first")
    {
        HelpName = "INDEX",
        Description = "Index of the first mutant, to make one of another run again.",
        DefaultValueFactory = static _ => 0,
    };

    private readonly Option<int?> _seconds = NumberOption.Count("--seconds", "End after this time.");

    private readonly Option<double> _timeLimit = NumberOption.NonNegative("--time-limit", "Seconds of processor time that a compilation may take.", FuzzLimits.Default.Time.TotalSeconds);

    private readonly Option<double> _memoryLimit = NumberOption.NonNegative(
        "--memory-limit", "Memory in MiB that a compilation may need at a time, beyond four times the file.", FuzzLimits.Default.SlackBytes >> 20);

    private readonly Option<string> _output = new("--output", "-o")
    {
        HelpName = "DIR",
        Description = "Folder for the mutants that show a problem; while it runs it also holds the current one, in case that ends the process.",
        DefaultValueFactory = static _ => "fuzz",
    };

    public override string Name => "fuzz";

    public override string Description => "Compiles models that were broken at random and reports crashes, hangs, excessive time or memory and invalid code. Exit code 1 if there is any.";

    public override IReadOnlyList<string> Examples =>
    [
        "aotc fuzz models/small --count 10000",
        "aotc fuzz digits.onnx keywords.onnx --seconds 600 --seed 7 --json",
        "aotc fuzz models/small --first 4711 --count 1",
    ];

    protected override Argument Subject => _models;

    protected override IEnumerable<Symbol> Symbols => [_count, _seed, _first, _seconds, _timeLimit, _memoryLimit, _output];

    protected override IEnumerable<Option> SharedOptions => [Options.Json];

    public override int Execute(ParseResult parse, Terminal terminal, CancellationToken cancellation)
    {
        TimeSpan? time = parse.GetValue(_seconds) is { } seconds ? TimeSpan.FromSeconds(seconds) : null;
        int first = parse.GetValue(_first);
        int count = Math.Min(parse.GetValue(_count) ?? (time is null ? DefaultCount : int.MaxValue), int.MaxValue - Math.Max(first, 0));
        int seed = parse.GetValue(_seed);
        var limits = new FuzzLimits(TimeSpan.FromSeconds(parse.GetValue(_timeLimit)), (long)(parse.GetValue(_memoryLimit) * (1 << 20)));
        IReadOnlyList<ModelProto> models = Read(parse.GetRequiredValue(_models), terminal);
        var folder = new MutantFolder(parse.GetRequiredValue(_output), seed);
        if (folder.LeftBehind is { } path)
        {
            terminal.Note($"An earlier run ended while it compiled {path}.");
        }

        var fuzzer = new Fuzzer(new ModelMutator(seed, models), limits) { Starting = folder.Begin };
        bool finished = terminal.ProgressBar("Compiling mutants", count, progress => Run(fuzzer, first, count, time, progress, cancellation));
        FuzzReport report = FuzzReport.Of(seed, first, models.Count, fuzzer, folder);
        folder.End();
        Write(terminal, report);
        return !finished ? ExitCode.Cancelled : report.Findings.Count == 0 ? ExitCode.Success : ExitCode.Failure;
    }

    /// <summary>False if the user interrupted the run: what was found until then is reported all the same.</summary>
    private static bool Run(Fuzzer fuzzer, int first, int count, TimeSpan? time, Action<int> progress, CancellationToken cancellation)
    {
        try
        {
            fuzzer.Run(first, count, time, progress, cancellation);
            return true;
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            return false;
        }
    }

    private static IReadOnlyList<ModelProto> Read(IReadOnlyList<string> paths, Terminal terminal)
    {
        var models = new List<ModelProto>();
        foreach (string path in paths)
        {
            if (Directory.Exists(path))
            {
                models.AddRange(SeedModels.OfFolder(path));
            }
            else if (SeedModels.TryRead(path) is { } model)
            {
                models.Add(model);
            }
            else
            {
                terminal.Note($"{path} is no ONNX model.");
            }
        }

        return models.Count > 0 ? models : throw new CommandException($"No model to start from in {string.Join(", ", paths)}: give .onnx files, or folders that hold some of at most {SeedModels.MaxBytes} bytes.");
    }

    private static void Write(Terminal terminal, FuzzReport report)
    {
        if (terminal.Json)
        {
            terminal.WriteJson(report, ReportJson.Default.FuzzReport);
            return;
        }

        foreach (FuzzFindingReport finding in report.Findings)
        {
            terminal.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{finding.Kind}, {finding.Count} mutants, such as {finding.Index}: {finding.Message}"));
            terminal.WriteLine($"  {finding.Command}");
        }

        terminal.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"seed {report.Seed}: {report.Mutants} mutants of {report.Models} models, {report.Accepted} compiled, {report.Refused.Sum(static r => r.Count)} refused, the slowest in {report.SlowestMilliseconds:F0} ms; {report.Findings.Count} problems"));
    }
}
