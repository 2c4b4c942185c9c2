using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Linq;
using System.Threading;
using AotCompiler.Compiler;
using AotCompiler.Diagnostics;

namespace AotCompiler.Cli.Fuzzing;

/// <summary>Compiles one mutant after the other and collects what goes wrong.</summary>
internal sealed class Fuzzer
{
    /// <summary>Of so many models that the compiler accepts, the code of one is compiled too, which takes longer than all the rest.</summary>
    private const int CompileEvery = 50;

    private readonly ModelMutator _mutator;
    private readonly FuzzLimits _limits;
    private readonly Dictionary<string, FuzzFinding> _findings = new(StringComparer.Ordinal);

    public Fuzzer(ModelMutator mutator, FuzzLimits limits)
    {
        _mutator = mutator;
        _limits = limits;
    }

    /// <summary>Called with each mutant before it is compiled: a stack overflow would end the process.</summary>
    public Action<Mutant> Starting { get; init; } = static _ => { };

    /// <summary>Mutants compiled.</summary>
    public int Count { get; private set; }

    /// <summary>Those of them that became code.</summary>
    public int Accepted { get; private set; }

    /// <summary>Longest processor time of a compilation.</summary>
    public TimeSpan Slowest { get; private set; }

    /// <summary>Refused mutants by diagnostic.</summary>
    public SortedDictionary<string, int> Refusals { get; } = new(StringComparer.Ordinal);

    /// <summary>What went wrong, the most frequent first.</summary>
    public IReadOnlyList<FuzzFinding> Findings => _findings.Values.OrderByDescending(static f => f.Count).ThenBy(static f => f.Smallest.Index).ToArray();

    /// <summary>Compiles mutants.</summary>
    /// <param name="first">Index of the first.</param>
    /// <param name="count">How many at most.</param>
    /// <param name="time">Wall time after which no further one begins; null for no limit.</param>
    /// <param name="progress">Gets the number of mutants compiled so far.</param>
    /// <param name="cancellation">Ends the work.</param>
    public void Run(int first, int count, TimeSpan? time, Action<int> progress, CancellationToken cancellation)
    {
        long start = Stopwatch.GetTimestamp();
        for (int i = 0; i < count && (time is null || Stopwatch.GetElapsedTime(start) < time); i++)
        {
            cancellation.ThrowIfCancellationRequested();
            Mutant mutant = _mutator.Make(first + i);
            Starting(mutant);
            if (Check(mutant, cancellation) is { } problem)
            {
                Add(problem, mutant);
            }

            progress(++Count);
        }
    }

    private MutantProblem? Check(Mutant mutant, CancellationToken cancellation)
    {
        MutantOutcome outcome = MutantCheck.Compile(mutant.Bytes, mutant.Options, _limits, cancellation);
        Slowest = outcome.Time > Slowest ? outcome.Time : Slowest;
        if (outcome.Result is not { Success: true } result)
        {
            string? code = outcome.Result?.Diagnostics.FirstOrDefault(static d => d.Severity == DiagnosticSeverity.Error)?.Code;
            if (code is not null)
            {
                Refusals[code] = Refusals.GetValueOrDefault(code) + 1;
            }

            return outcome.Problem;
        }

        return Accepted++ % CompileEvery == 0 ? outcome.Problem ?? MutantCheck.CodeProblem([result]) : outcome.Problem;
    }

    private void Add(MutantProblem problem, Mutant mutant)
    {
        bool known = _findings.TryGetValue(problem.Signature, out FuzzFinding? earlier);
        _findings[problem.Signature] = known && earlier!.Smallest.Bytes.Length <= mutant.Bytes.Length
            ? earlier with { Count = earlier.Count + 1 }
            : new FuzzFinding(problem, mutant, (earlier?.Count ?? 0) + 1);
    }
}
