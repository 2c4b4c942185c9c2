using System;
using System.Collections.Generic;
using System.Linq;
using AotCompiler.Cli.Conformance;

namespace AotCompiler.Cli.Reports;

/// <summary>Result of <c>aotc conformance</c>.</summary>
/// <param name="Suite">Name of the folder.</param>
/// <param name="Isa">Instruction set compiled for.</param>
/// <param name="AbsoluteTolerance">A floating-point element passes if its error is at most this plus the relative tolerance times the expected value's magnitude.</param>
/// <param name="RelativeTolerance">See <paramref name="AbsoluteTolerance"/>.</param>
/// <param name="Total">Number of cases.</param>
/// <param name="Passed">Number of those that passed.</param>
/// <param name="Unsupported">Number of those that need what the compiler does not support.</param>
/// <param name="Wrong">Number of those that show a defect.</param>
/// <param name="Failed">The cases that did not pass.</param>
/// <param name="Skipped">Cases that could not be tried; not in the total.</param>
/// <param name="Constants">Passed cases some inputs of which were compiled in, since shapes depend on them.</param>
/// <param name="Random">Passed cases of which only types and shapes were compared, since they make random numbers.</param>
/// <param name="Operators">Results by operator.</param>
internal sealed record ConformanceReport(
    string Suite,
    string Isa,
    double AbsoluteTolerance,
    double RelativeTolerance,
    int Total,
    int Passed,
    int Unsupported,
    int Wrong,
    IReadOnlyList<ConformanceFailure> Failed,
    IReadOnlyList<ConformanceSkip> Skipped,
    IReadOnlyList<ConformanceConstants> Constants,
    IReadOnlyList<string> Random,
    IReadOnlyList<ConformanceOperator> Operators)
{
    /// <summary>Makes the report.</summary>
    public static ConformanceReport Of(string suite, string isa, Tolerance tolerance, IReadOnlyList<CaseOutcome> outcomes, IReadOnlyList<ConformanceSkip> skipped) => new(
        suite,
        isa,
        tolerance.Absolute,
        tolerance.Relative,
        outcomes.Count,
        outcomes.Count(static o => o.Status == CaseStatus.Passed),
        outcomes.Count(static o => o.Status == CaseStatus.Unsupported),
        outcomes.Count(static o => o.Status == CaseStatus.Wrong),
        outcomes.Where(static o => o.Status != CaseStatus.Passed).Select(static o => new ConformanceFailure(o.Case.Name, Kind(o.Status), o.Reason)).ToArray(),
        skipped,
        outcomes.Where(static o => o.Status == CaseStatus.Passed && o.Constants != ConstantInputs.None)
            .Select(static o => new ConformanceConstants(o.Case.Name, o.Constants == ConstantInputs.All ? "all" : "integers"))
            .ToArray(),
        outcomes.Where(static o => o.Status == CaseStatus.Passed && o.FormOnly).Select(static o => o.Case.Name).ToArray(),
        ByOperator(outcomes));

    private static string Kind(CaseStatus status) => status == CaseStatus.Unsupported ? "unsupported" : "wrong";

    private static ConformanceOperator[] ByOperator(IReadOnlyList<CaseOutcome> outcomes) => outcomes
        .SelectMany(static o => o.Operators.Select(use => (Outcome: o, Use: use)))
        .GroupBy(static p => (p.Use.Domain, p.Use.Name))
        .OrderBy(static g => g.Key.Domain, StringComparer.Ordinal)
        .ThenBy(static g => g.Key.Name, StringComparer.Ordinal)
        .Select(static g => new ConformanceOperator(
            g.Key.Domain,
            g.Key.Name,
            g.Count(),
            g.Count(static p => p.Outcome.Status == CaseStatus.Passed),
            g.Count(static p => p.Outcome.Status == CaseStatus.Unsupported),
            g.Count(static p => p.Outcome.Status == CaseStatus.Wrong),
            g.Where(static p => p.Outcome.Status == CaseStatus.Passed).Select(static p => p.Outcome.MaxUlp).DefaultIfEmpty().Max(),
            g.Where(static p => p.Outcome.Status == CaseStatus.Passed).SelectMany(static p => p.Use.Types).Distinct().Order(StringComparer.Ordinal).ToArray()))
        .ToArray();
}

/// <summary>A case that did not pass.</summary>
/// <param name="Name">Path below the suite's folder.</param>
/// <param name="Kind"><c>unsupported</c> if the compiler refused what it does not support, <c>wrong</c> for a defect.</param>
/// <param name="Reason">The diagnostic, or what differs.</param>
internal sealed record ConformanceFailure(string Name, string Kind, string Reason);

/// <summary>A case that could not be tried.</summary>
/// <param name="Name">Path below the suite's folder.</param>
/// <param name="Reason">Why.</param>
internal sealed record ConformanceSkip(string Name, string Reason);

/// <summary>A case that was compiled with the values of inputs.</summary>
/// <param name="Name">Path below the suite's folder.</param>
/// <param name="Inputs"><c>integers</c> for those of type i64 and i32, <c>all</c> if the case checks constant folding only.</param>
internal sealed record ConformanceConstants(string Name, string Inputs);

/// <summary>Results of the cases that use one operator.</summary>
/// <param name="Domain">Domain; empty for <c>ai.onnx</c>.</param>
/// <param name="Operator">Operator type.</param>
/// <param name="Cases">Cases that use it.</param>
/// <param name="Passed">Of those, passed.</param>
/// <param name="Unsupported">Of those, refused as unsupported, be it for another operator.</param>
/// <param name="Wrong">Of those, wrong.</param>
/// <param name="MaxUlp">Largest error of a passed case in units in the last place.</param>
/// <param name="Types">Element types of its first input in the passed cases, where that is an input of the model.</param>
internal sealed record ConformanceOperator(
    string Domain, string Operator, int Cases, int Passed, int Unsupported, int Wrong, long MaxUlp, IReadOnlyList<string> Types);
