using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using AotCompiler.Cli.CommandLine;
using AotCompiler.Cli.Compilation;
using AotCompiler.Compiler;
using AotCompiler.Diagnostics;
using AotCompiler.Ir;

namespace AotCompiler.Cli.Conformance;

/// <summary>Compiles and runs the cases of a suite, many models in one assembly since the C# compiler takes longest to start.</summary>
internal sealed class ConformanceRunner
{
    /// <summary>Most models of one assembly.</summary>
    private const int BatchCases = 25;

    /// <summary>Most characters of source of one assembly: bounds the C# compiler's memory.</summary>
    private const int BatchCharacters = 4_000_000;

    /// <summary>Most bytes of inputs, outputs and working memory of the models of one assembly.</summary>
    private const long BatchBytes = 256L << 20;

    private readonly TargetIsa _isa;
    private readonly Tolerance _tolerance;
    private readonly List<CaseOutcome> _outcomes = [];
    private readonly List<CompiledCase> _batch = [];

    private ConformanceRunner(TargetIsa isa, Tolerance tolerance)
    {
        _isa = isa;
        _tolerance = tolerance;
    }

    /// <summary>Runs all cases.</summary>
    /// <param name="cases">The cases.</param>
    /// <param name="isa">Instruction set; one width only, since a run executes one.</param>
    /// <param name="tolerance">How much outputs may differ.</param>
    /// <param name="progress">Gets the number of cases done.</param>
    /// <param name="cancellation">Ends the work.</param>
    /// <returns>One outcome per case, in name order.</returns>
    public static IReadOnlyList<CaseOutcome> Run(
        IReadOnlyList<ConformanceCase> cases, TargetIsa isa, Tolerance tolerance, Action<int> progress, CancellationToken cancellation)
    {
        var runner = new ConformanceRunner(isa, tolerance);
        for (int i = 0; i < cases.Count; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            runner.Compile(cases[i], i, cancellation);
            if (runner.BatchIsFull())
            {
                runner.RunBatch(runner._batch, cancellation);
                runner._batch.Clear();
            }

            progress(runner._outcomes.Count);
        }

        runner.RunBatch(runner._batch, cancellation);
        progress(runner._outcomes.Count);
        return runner._outcomes.OrderBy(static o => o.Case.Name, StringComparer.Ordinal).ToArray();
    }

    private void Compile(ConformanceCase test, int number, CancellationToken cancellation)
    {
        // Generated classes of one assembly must differ; the names of models do not.
        var options = new CompilerOptions { Namespace = $"Case{number}", Isa = _isa };
        try
        {
            _batch.Add(test.Compile(options, cancellation));
        }
        catch (ModelException e)
        {
            CaseStatus status = DiagnosticCodes.IsRefusal(e.Diagnostic.Code) ? CaseStatus.Unsupported : CaseStatus.Wrong;
            _outcomes.Add(new CaseOutcome(test, status, $"{e.Diagnostic.Code}: {e.Diagnostic.Message}", 0, ConstantInputs.None, test.Operators(), FormOnly: false));
        }
        catch (CommandException e)
        {
            _outcomes.Add(new CaseOutcome(test, CaseStatus.Wrong, e.Message, 0, ConstantInputs.None, test.Operators(), FormOnly: false));
        }
    }

    private bool BatchIsFull() => _batch.Count >= BatchCases
        || _batch.Sum(static c => c.Result.Sources.Sum(static s => s.Text.Length)) >= BatchCharacters
        || _batch.Sum(static c => Bytes(c.Result)) >= BatchBytes;

    private static long Bytes(CompilationResult result) =>
        result.Plan!.Arena.ArenaBytes
        + result.Plan.WeightBytes
        + result.Plan.Schedule.Graph.Inputs.Concat(result.Plan.Schedule.Graph.Outputs.Select(static o => o.Value))
            .Sum(static v => v.Shape.ElementCount * v.Type.Size());

    /// <summary>Runs compiled cases; if their code does not compile together, halves of them, down to the culprit.</summary>
    private void RunBatch(IReadOnlyList<CompiledCase> batch, CancellationToken cancellation)
    {
        if (batch.Count == 0)
        {
            return;
        }

        IReadOnlyList<ModelSession> sessions;
        try
        {
            sessions = ModelSession.LoadAll(batch.Select(static c => c.Result).ToArray(), cancellation);
        }
        catch (InvalidOperationException e)
        {
            if (batch.Count == 1)
            {
                Add(batch[0], e.Message, 0);
                return;
            }

            RunBatch(batch.Take(batch.Count / 2).ToArray(), cancellation);
            RunBatch(batch.Skip(batch.Count / 2).ToArray(), cancellation);
            return;
        }

        for (int i = 0; i < batch.Count; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            using ModelSession session = sessions[i];
            (string? reason, long ulp) = batch[i].Run(session, _tolerance);
            Add(batch[i], reason, ulp);
        }
    }

    private void Add(CompiledCase test, string? reason, long ulp) => _outcomes.Add(new CaseOutcome(
        test.Case, reason is null ? CaseStatus.Passed : CaseStatus.Wrong, reason ?? string.Empty, ulp, test.Constants, test.Case.Operators(), test.IsRandom));
}
