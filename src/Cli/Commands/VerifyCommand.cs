using System;
using System.Collections.Generic;
using System.CommandLine;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Threading;
using AotCompiler.Cli.CommandLine;
using AotCompiler.Cli.Compilation;
using AotCompiler.Cli.Data;
using AotCompiler.Cli.Numerics;
using AotCompiler.Cli.Peer;
using AotCompiler.Cli.Reports;
using AotCompiler.Compiler;
using AotCompiler.Diagnostics;
using AotCompiler.Onnx;
using AotCompiler.Operators;
using Spectre.Console;

namespace AotCompiler.Cli.Commands;

/// <summary>Compares a compiled model with reference outputs.</summary>
internal sealed class VerifyCommand : ModelCommand
{
    private readonly Option<string?> _data = new("--data")
    {
        HelpName = "DIR",
        Description = "Folder with test_data_set_N folders, or one that holds input_N.pb and output_N.pb (or .npy) itself, or a .npz file with arrays named after inputs and outputs. Default: beside the model.",
    };

    private readonly Option<string?> _peer = new("--against-onnxruntime")
    {
        HelpName = "PATH",
        Description = "ONNX Runtime's native library (libonnxruntime.so, onnxruntime.dll). Its outputs are the reference: for the inputs of the data sets or, if there are none, for generated ones.",
    };

    private readonly Option<double> _relative = NumberOption.NonNegative(
        "--rtol",
        "Relative tolerance: an element passes if |actual - expected| <= atol + rtol * (|expected| + rms), where rms is the root mean square of the expected output: sums that cancel to almost nothing keep the rounding of their terms. Integers and booleans must be equal.",
        1e-4);

    private readonly Option<double> _absolute = NumberOption.NonNegative("--atol", "Absolute tolerance, see --rtol. Behind operators that quantise, elements may differ by one step of a code, see docs/adr/0009-verify-tolerance.md, unless --rtol or --atol is given.", 1e-5);

    /// <summary>What a step of a code may change in an output of real numbers whose step is not known, relative to the output's largest.</summary>
    private const double UnknownStep = 1.0 / 16;

    /// <summary>Steps that an element may be from the expected one, and what rounding adds to a difference of whole steps.</summary>
    private const double TolerableSteps = 1.001;

    private readonly Option<int?> _threads = NumberOption.Threads();

    public override string Name => "verify";

    public override string Description => "Runs a model on its reference data sets and compares the outputs.";

    public override IReadOnlyList<string> Examples =>
    [
        "aotc verify digits/model.onnx",
        "aotc verify digits/model.onnx --data recorded --rtol 1e-3 --json",
        "aotc verify bert.onnx --dim batch=1 --dim seq=64 --against-onnxruntime /opt/onnxruntime/lib/libonnxruntime.so",
        "aotc verify light_resnet50.onnx     (with light_resnet50_output_0.pb beside it: element i of n of the input is i / n)",
    ];

    protected override IEnumerable<Symbol> Symbols => [_data, _peer, _relative, _absolute, _threads];

    public override int Execute(ParseResult parse, Terminal terminal, CancellationToken cancellation)
    {
        string path = parse.GetRequiredValue(Options.Model);
        CompilerOptions options = Options.ToCompilerOptions(parse);
        var report = new VerifyReport(
            Path.GetFileName(path), false, options.Isa.Name, parse.GetValue(_absolute), parse.GetValue(_relative), [], null);
        try
        {
            ModelSource source = ModelSource.Read(path);
            bool given = parse.GetResult(_absolute) is { Implicit: false } || parse.GetResult(_relative) is { Implicit: false };
            bool rounds = source.Onnx.Graph.Nodes.Any(static n => OperatorRegistry.Find(n.Domain, n.OpType) is { RoundsToCodes: true });
            report = given ? report : report with { RelativeTolerance = Math.Max(report.RelativeTolerance, HalfPrecision.RelativeTolerance(source.Onnx.Graph)) };
            report = report with { Quantized = !given && rounds, Steps = rounds ? StepsOf(source.Onnx.Graph) : report.Steps };
            using PeerReference? peer = parse.GetValue(_peer) is { } library ? PeerReference.Open(library, source) : null;
            VerifyCase[] cases = RunCases(source, parse.GetValue(_data), peer, options, parse.GetValue(_threads) ?? 1, report, terminal, cancellation);
            report = report with { Cases = cases, Passed = cases.All(static c => c.Passed) };
        }
        catch (Exception e) when (e is CommandException or ModelException or OnnxRuntimeException)
        {
            // A program that reads the report finds the reason in it; the caller writes it to standard error.
            if (terminal.Json)
            {
                terminal.WriteJson(report with { Error = e.Message }, ReportJson.Default.VerifyReport);
            }

            throw;
        }

        Write(terminal, report);
        return report.Passed ? ExitCode.Success : ExitCode.Failure;
    }

    private static VerifyCase[] RunCases(
        ModelSource source, string? folder, PeerReference? peer, CompilerOptions options, int threads, VerifyReport tolerance, Terminal terminal, CancellationToken cancellation)
    {
        if (options.States.Count > 0)
        {
            throw new CommandException("Reference data are of single runs: verify the model without --state.");
        }

        var inputs = new ModelInputs(source.Onnx);
        IReadOnlyList<TestDataSet> sets = TestDataSet.Find(source.FullPath, inputs, folder);
        if (sets.Count == 0 && peer is null)
        {
            throw new CommandException(
                $"There are no reference data {(folder is null ? "beside the model" : $"in {folder}")}: neither test_data_set_0/input_0.pb and output_0.pb, nor {Path.GetFileNameWithoutExtension(source.Name)}_output_0.pb, nor a .npz file. Give their folder by --data, or the library that computes them by --against-onnxruntime.");
        }

        using var sessions = new SessionCache(source, threads, terminal, cancellation);
        var run = new VerifyRun(source, inputs, peer, options, sessions, tolerance, terminal, cancellation);
        return sets.Count == 0 ? [RunCase(run, null)] : sets.Select(set => RunCase(run, set)).ToArray();
    }

    /// <summary>Runs one data set, or generated inputs. What is wrong with the data fails the case; what is wrong with the model ends the command.</summary>
    private static VerifyCase RunCase(VerifyRun run, TestDataSet? set)
    {
        string name = set?.Name ?? "generated";
        try
        {
            (ModelSession session, CompilerOptions bound, IReadOnlyDictionary<string, TensorData> tensors) = Prepare(run, set);
            IReadOnlyList<TensorFile> expected = run.Peer?.Run(tensors) ?? set!.ReadOutputs();
            session.SetInputs(tensors);
            session.Run();
            bool[] random = RandomOutputs.Of(session.Plan.Schedule.Graph);
            VerifyOutput[] outputs = Compare(expected, session.GetOutputs(), run.Tolerance, random, exact: null);
            if (outputs.Any(static o => o.Error is null && !o.Passed))
            {
                IReadOnlyList<double[]>? exact = run.Terminal.Progress("Evaluating in double precision", _ => ExactEvaluation.Run(run.Source.Onnx, bound, tensors, run.Cancellation));
                if (exact is null)
                {
                    run.Terminal.Note(string.Create(
                        CultureInfo.InvariantCulture,
                        $"{name}: whether the reference or the compiled model is nearer to the exact values is not known. Graphs of more than {ExactEvaluation.MaxProducts / 1e9:0} billion products, with bodies or with sizes that data decide are not evaluated in double precision; at smaller sizes (--dim) this one may be."));
                }

                outputs = Compare(expected, session.GetOutputs(), run.Tolerance, random, exact);
            }

            return new VerifyCase(name, outputs.All(static o => o.Passed), outputs, null);
        }
        catch (Exception e) when (e is CommandException or OnnxRuntimeException)
        {
            run.Terminal.ReportError((e as CommandException)?.Code, $"{name}: {e.Message}");
            return new VerifyCase(name, false, [], e.Message);
        }
    }

    /// <summary>The compiled model, the options it was compiled with, and the inputs: those of a data set or, without any, generated ones.</summary>
    private static (ModelSession Session, CompilerOptions Options, IReadOnlyDictionary<string, TensorData> Tensors) Prepare(VerifyRun run, TestDataSet? set)
    {
        if (set is null)
        {
            ModelSession session = run.Sessions.Get(run.Options);
            return (session, run.Options, GeneratedInputs.For(session.Plan.Schedule.Graph));
        }

        IReadOnlyDictionary<string, TensorData> tensors = run.Inputs.Match(set.ReadInputs(), $"Data set {set.Name}");
        CompilerOptions bound = BoundOptions.For(run.Options, run.Inputs, tensors, run.Terminal);
        return (run.Sessions.Get(bound), bound, tensors);
    }

    /// <param name="expected">The reference's outputs.</param>
    /// <param name="actual">The compiled model's outputs.</param>
    /// <param name="tolerance">The tolerance.</param>
    /// <param name="random">For each output of the compiled model whether its elements are random, and only its form can be compared.</param>
    /// <param name="exact">The model's outputs in double precision, in the order of <paramref name="actual"/>; null if they are not known.</param>
    private static VerifyOutput[] Compare(
        IReadOnlyList<TensorFile> expected, IReadOnlyList<(string Name, TensorData Data)> actual, VerifyReport tolerance, bool[] random, IReadOnlyList<double[]>? exact)
    {
        var results = new List<VerifyOutput>();
        foreach ((string name, TensorData reference, TensorData data, int index) in TestDataSet.PairOutputs(expected, actual))
        {
            results.Add(random[index]
                ? VerifyOutput.Of(name, data, 0, TensorComparison.CompareForm(reference, data), 0, false) with { Random = true }
                : CompareOutput(name, reference, data, tolerance, exact?[index]));
        }

        return results.ToArray();
    }

    private static Dictionary<string, QuantizationStep> StepsOf(OnnxGraph graph)
    {
        var steps = new Dictionary<string, QuantizationStep>();
        foreach (string output in graph.Outputs.Select(static o => o.Name))
        {
            if (QuantizationStep.Of(graph, output) is { } step)
            {
                steps[output] = step;
            }
        }

        return steps;
    }

    private static VerifyOutput CompareOutput(string name, TensorData expected, TensorData actual, VerifyReport tolerance, double[]? exact)
    {
        double scale = TensorComparison.RootMeanSquare(expected);
        double absolute = tolerance.AbsoluteTolerance + (tolerance.RelativeTolerance * scale);
        bool known = tolerance.Steps.TryGetValue(name, out QuantizationStep step);
        if (tolerance.Quantized && !known)
        {
            absolute += UnknownStep * TensorComparison.LargestMagnitude(expected);
        }

        var scaled = TensorComparison.Compare(expected, actual, absolute, tolerance.RelativeTolerance, exact);
        var elementwise = TensorComparison.Compare(expected, actual, tolerance.AbsoluteTolerance, tolerance.RelativeTolerance);
        CodeComparison? codes = known ? CodeComparison.Of(expected, actual, step) : null;
        bool oneStep = tolerance.Quantized && codes is { LargestStep: <= TolerableSteps };
        return VerifyOutput.Of(name, actual, scale, scaled, elementwise.MismatchCount, oneStep) with { Codes = codes };
    }

    private static void Write(Terminal terminal, VerifyReport report)
    {
        if (terminal.Json)
        {
            terminal.WriteJson(report, ReportJson.Default.VerifyReport);
            return;
        }

        Table table = Tables.New("case", "output", "tensor", ">max abs", ">max rel", ">max ulp", ">out of tolerance", ">without rms", ">equal codes", ">max steps", "result");
        foreach (VerifyCase @case in report.Cases)
        {
            if (@case.Error is not null)
            {
                Tables.Row(table, @case.Name, "", "", "", "", "", "", "", "", "", "ERROR");
            }

            foreach (VerifyOutput output in @case.Outputs)
            {
                Tables.Row(
                    table,
                    @case.Name,
                    output.Name,
                    output.Type,
                    Error(output.MaxAbs),
                    Error(output.MaxRel),
                    Tables.Number(output.MaxUlp),
                    Tables.Number(output.Mismatches),
                    Tables.Number(output.ElementwiseMismatches),
                    output.Codes is { } codes ? Share(codes.Equal, codes.Count) : "",
                    output.Codes is { } compared ? Error(compared.LargestStep) : "",
                    output.Passed ? (output.Random ? "pass: random" : "pass") : output.Error is { } reason ? $"FAIL: {reason}" : "FAIL");
            }
        }

        terminal.Rich.Write(table);
        int passed = report.Cases.Count(static c => c.Passed);
        terminal.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{report.Model}: {(report.Passed ? "passed" : "FAILED")}, {passed} of {report.Cases.Count} cases; tolerance {report.AbsoluteTolerance:g} + {report.RelativeTolerance:g} x (|expected| + rms){(report.Quantized ? " + one step of a code" : string.Empty)}; isa {report.Isa}"));
        CodeComparison[] comparisons = report.Cases.SelectMany(static c => c.Outputs).Select(static o => o.Codes).OfType<CodeComparison>().ToArray();
        if (comparisons.Length > 0)
        {
            string share = Share(comparisons.Sum(static c => c.Equal), comparisons.Sum(static c => c.Count));
            terminal.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{share} of {comparisons.Sum(static c => c.Count):N0} codes are equal; the largest difference is {comparisons.Max(static c => c.LargestStep):0.###} steps."));
        }

        long noFarther = report.Cases.SelectMany(static c => c.Outputs).Sum(static o => o.NoFarther);
        if (noFarther > 0)
        {
            terminal.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{noFarther:N0} elements differ from the reference but are nearer to the exact value, or as near: the graph evaluated in double precision."));
        }

        if (report.Cases.SelectMany(static c => c.Outputs).Any(static o => o.Random))
        {
            terminal.WriteLine("Random numbers reach outputs of the model: their types and shapes alone are compared.");
        }

        long tolerated = report.Cases.SelectMany(static c => c.Outputs).Where(static o => o.Passed && o.Mismatches == 0).Sum(static o => o.ElementwiseMismatches);
        if (tolerated > 0)
        {
            terminal.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{tolerated:N0} elements pass by the rms term alone: they are outside {report.AbsoluteTolerance:g} + {report.RelativeTolerance:g} x |expected|."));
        }
    }

    /// <summary>What the cases of a run have in common.</summary>
    private sealed record VerifyRun(
        ModelSource Source,
        ModelInputs Inputs,
        PeerReference? Peer,
        CompilerOptions Options,
        SessionCache Sessions,
        VerifyReport Tolerance,
        Terminal Terminal,
        CancellationToken Cancellation);

    private static string Share(long part, long whole) => ((double)part / whole).ToString("0.00 %", CultureInfo.InvariantCulture);

    private static string Error(double value) => value == double.MaxValue ? "inf" : value.ToString("0.00e+00", CultureInfo.InvariantCulture);
}
