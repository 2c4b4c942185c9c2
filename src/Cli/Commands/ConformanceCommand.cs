using System;
using System.Collections.Generic;
using System.CommandLine;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Threading;
using AotCompiler.Cli.CommandLine;
using AotCompiler.Cli.Compilation;
using AotCompiler.Cli.Conformance;
using AotCompiler.Cli.Reports;
using AotCompiler.Compiler;
using Spectre.Console;

namespace AotCompiler.Cli.Commands;

/// <summary>Runs the cases of the ONNX backend suite on compiled code.</summary>
internal sealed class ConformanceCommand : ModelCommand
{
    private readonly Argument<string> _folder = new("DIR") { Description = "Folder of the suite, or of a part: cases are sought at any depth." };

    private readonly Option<string?> _filter = new("--filter") { HelpName = "TEXT", Description = "Only cases whose names contain the text." };

    private readonly Option<double> _relative = NumberOption.NonNegative(
        "--rtol",
        "Relative tolerance: an element passes if |actual - expected| <= atol + rtol * |expected|. f16 and bf16 may differ by two units in the last place even so. Integers and booleans must be equal.",
        1e-3);

    private readonly Option<double> _absolute = NumberOption.NonNegative("--atol", "Absolute tolerance, see --rtol.", 1e-7);

    private readonly Option<string?> _documentation = new("--write-docs")
    {
        HelpName = "FILE",
        Description = "Write the table of supported operators as Markdown.",
        Hidden = true,
    };

    public override string Name => "conformance";

    public override string Description => "Runs the cases of the ONNX backend suite on compiled code and lists what passes, operator by operator.";

    public override IReadOnlyList<string> Examples =>
    [
        "aotc conformance onnx/onnx/backend/test/data/node",
        "aotc conformance onnx/onnx/backend/test/data --filter conv --isa x86-64-v3 --json",
    ];

    protected override Argument Subject => _folder;

    protected override IEnumerable<Symbol> Symbols => [_filter, _relative, _absolute, _documentation];

    protected override IEnumerable<Option> SharedOptions => [Options.Isa, Options.Json];

    public override int Execute(ParseResult parse, Terminal terminal, CancellationToken cancellation)
    {
        string folder = parse.GetRequiredValue(_folder);
        TargetIsa isa = NameWidth(HostVectors.Narrow(parse.GetValue(Options.Isa) ?? TargetIsa.Auto));
        var tolerance = new Tolerance(parse.GetValue(_relative), parse.GetValue(_absolute));
        ConformanceSuite suite = ConformanceSuite.Find(folder, parse.GetValue(_filter));
        IReadOnlyList<CaseOutcome> outcomes = terminal.ProgressBar(
            $"{suite.Cases.Count} cases for {isa.Name}",
            suite.Cases.Count,
            progress => ConformanceRunner.Run(suite.Cases, isa, tolerance, progress, cancellation));
        ConformanceReport report = ConformanceReport.Of(Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder))), isa.Name, tolerance, outcomes, suite.Skipped);
        if (parse.GetValue(_documentation) is { } documentation)
        {
            File.WriteAllText(documentation, OperatorPage.Write(report));
        }

        Write(terminal, report);
        return report.Passed == report.Total ? ExitCode.Success : ExitCode.Failure;
    }

    /// <summary>Says in the report which width <c>auto</c> came down to.</summary>
    private static TargetIsa NameWidth(TargetIsa isa) => isa.Name is "auto" or "native"
        ? isa with { Name = $"{isa.Name}, {isa.VectorBits[0]} bits" }
        : isa;

    private static void Write(Terminal terminal, ConformanceReport report)
    {
        if (terminal.Json)
        {
            terminal.WriteJson(report, ReportJson.Default.ConformanceReport);
            return;
        }

        terminal.Rich.Write(OperatorTable(report));
        WriteFailures(terminal, report, "unsupported");
        WriteFailures(terminal, report, "wrong");
        foreach (ConformanceSkip skip in report.Skipped)
        {
            terminal.WriteLine($"skipped {skip.Name}: {skip.Reason}");
        }

        if (report.Constants.Count > 0)
        {
            terminal.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{report.Constants.Count} passed cases have shapes that depend on inputs: their integer inputs were compiled in ({report.Constants.Count(static c => c.Inputs == "all")} of them with all inputs, which checks constant folding only)."));
        }

        if (report.Random.Count > 0)
        {
            terminal.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{report.Random.Count} passed cases make random numbers, of which no generator is specified: only their types and shapes were compared ({string.Join(", ", report.Random)})."));
        }

        terminal.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{report.Suite}: {report.Passed} of {report.Total} cases passed, {report.Wrong} wrong, {report.Unsupported} unsupported, {report.Skipped.Count} skipped; tolerance {report.AbsoluteTolerance:g} + {report.RelativeTolerance:g} x |expected|; isa {report.Isa}"));
    }

    private static Table OperatorTable(ConformanceReport report)
    {
        Table table = Tables.New("operator", ">cases", ">passed", ">wrong", ">unsupported", ">max ulp");
        foreach (ConformanceOperator row in report.Operators)
        {
            Tables.Row(
                table,
                row.Domain.Length == 0 ? row.Operator : $"{row.Domain}:{row.Operator}",
                Tables.Number(row.Cases),
                Tables.Number(row.Passed),
                Tables.Number(row.Wrong),
                Tables.Number(row.Unsupported),
                Tables.Number(row.MaxUlp));
        }

        return table;
    }

    private static void WriteFailures(Terminal terminal, ConformanceReport report, string kind)
    {
        foreach (ConformanceFailure failure in report.Failed.Where(f => f.Kind == kind))
        {
            terminal.WriteLine($"{kind} {failure.Name}: {failure.Reason}");
        }
    }
}
