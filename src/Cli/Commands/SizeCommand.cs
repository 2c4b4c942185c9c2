using System;
using System.Collections.Generic;
using System.CommandLine;
using System.Globalization;
using System.Linq;
using System.Threading;
using AotCompiler.Cli.CommandLine;
using AotCompiler.Cli.Compilation;
using AotCompiler.Cli.Native;
using AotCompiler.Cli.Reports;
using AotCompiler.Cli.Sizing;
using AotCompiler.Compiler;
using AotCompiler.Freestanding.Ilc;
using AotCompiler.Freestanding.Targets;

namespace AotCompiler.Cli.Commands;

/// <summary>Says what the bytes of a model's code, weights and working memory are for.</summary>
internal sealed class SizeCommand : ModelCommand
{
    private const int MaxName = 40;
    private const int MaxFunctions = 8;

    private readonly Option<string> _target = new("--target")
    {
        HelpName = "NAME",
        Description = $"System and processor to measure for: {string.Join(", ", Targets.Select(static t => t.Name))}.",
        DefaultValueFactory = static _ => Targets.First().Name,
    };

    public SizeCommand() => _target.AcceptOnlyFromAmong(Targets.Select(static t => t.Name).ToArray());

    /// <summary>Targets whose objects can be read.</summary>
    private static IEnumerable<FreestandingTarget> Targets => FreestandingTarget.All.Where(static t => t.Format == ObjectFormat.Elf);

    public override string Name => "size";

    public override string Description => "Accounts code, weights and working memory, step by step, and compares the modes of --optimize. The code is that of a freestanding object. Needs the .NET SDK.";

    public override IReadOnlyList<string> Examples =>
    [
        "aotc size digits.onnx --optimize size",
        "aotc size digits.onnx --isa x86-64-v4 --json",
        "aotc size keywords.onnx --target linux-arm64",
    ];

    protected override IEnumerable<Symbol> Symbols => [_target];

    public override int Execute(ParseResult parse, Terminal terminal, CancellationToken cancellation)
    {
        ModelSource source = ModelSource.Read(parse.GetRequiredValue(Options.Model));
        CompilerOptions options = Options.ToCompilerOptions(parse);
        FreestandingTarget target = FreestandingTarget.TryParse(parse.GetRequiredValue(_target))!;
        InstructionSet set = FreestandingLibraries.SetOf(target, options.Isa.Name);
        IlcCompiler ilc = terminal.Progress("Looking for NativeAOT's compiler", say => FreestandingLibraries.FindCompiler(PackageSources.Default, say, cancellation));
        var sizes = new Dictionary<OptimizationGoal, ModelSize>();
        foreach (OptimizationGoal goal in new[] { OptimizationGoal.Size, OptimizationGoal.Balanced, OptimizationGoal.Speed })
        {
            sizes[goal] = terminal.Progress(
                $"Compiling {source.Name} for {goal.ToString().ToLowerInvariant()}",
                _ => ModelSize.Measure(source, options with { Optimize = goal }, target, set, ilc, terminal, cancellation));
        }

        Write(terminal, sizes[options.Optimize].Report(source.Name, target, set, sizes.Values.Select(static s => s.Mode).ToArray()));
        return ExitCode.Success;
    }

    private static void Write(Terminal terminal, SizeReport report)
    {
        if (terminal.Json)
        {
            terminal.WriteJson(report, ReportJson.Default.SizeReport);
            return;
        }

        Tables.Facts(
            terminal,
            ("model", report.Model),
            ("target", $"{report.Target}, {report.Isa}"),
            ("written for", report.Optimize),
            ("code", $"{Tables.Number(report.CodeBytes)} bytes, and {Tables.Number(report.ConstantBytes)} bytes of constants"),
            ("weights", $"{Tables.Number(report.WeightBytes)} bytes"),
            ("arena", $"{Tables.Number(report.ArenaBytes)} bytes"),
            ("stack", report.StackBytes is { } stack ? $"{Tables.Number(stack)} bytes at most" : "not counted on this processor"),
            ("measured by", report.Source));
        WriteSteps(terminal, report);
        WriteModes(terminal, report);
    }

    private static void WriteSteps(Terminal terminal, SizeReport report)
    {
        Spectre.Console.Table table = Tables.New(">#", "step", "operator", ">code B", "method", "form", ">time %", ">weights B", ">live B", ">stack B");
        foreach (StepSize step in report.Steps)
        {
            string code = step.SharedWith is { } first ? $"as {first}" : Tables.Number(step.CodeBytes);
            string share = (100 * step.TimeShare).ToString("F1", CultureInfo.InvariantCulture);
            Tables.Row(
                table,
                [$"{step.Index}", End(step.Name), step.Operator ?? "-", code, End(step.Method), step.IsCompact ? "compact" : "fast", share, Tables.Number(step.WeightBytes), Tables.Number(step.ArenaBytes), Stack(step.StackBytes)]);
        }

        foreach (FunctionSize function in report.Other.Take(MaxFunctions))
        {
            Tables.Row(table, [string.Empty, "-", "-", Tables.Number(function.CodeBytes), End(function.Name), "-", "-", "-", "-", "-"]);
        }

        terminal.Rich.Write(table);
    }

    private static void WriteModes(Terminal terminal, SizeReport report)
    {
        Spectre.Console.Table table = Tables.New("optimize", ">code B", ">constants B", ">methods", ">weights B", ">arena B", ">stack B");
        foreach (ModeSize mode in report.Modes)
        {
            Tables.Row(
                table,
                [mode.Optimize, Tables.Number(mode.CodeBytes), Tables.Number(mode.ConstantBytes), $"{mode.Methods}", Tables.Number(mode.WeightBytes), Tables.Number(mode.ArenaBytes), Stack(mode.StackBytes)]);
        }

        terminal.Rich.Write(table);
    }

    private static string Stack(long? bytes) => bytes is { } known ? Tables.Number(known) : "-";

    /// <summary>The end of a long name, which tells more than its beginning.</summary>
    private static string End(string name) => name.Length <= MaxName ? name : $"…{name[^(MaxName - 1)..]}";
}
