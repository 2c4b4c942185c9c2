using System.Collections.Generic;
using System.Linq;
using AotCompiler.Cli.Fuzzing;

namespace AotCompiler.Cli.Reports;

/// <summary>Result of <c>aotc fuzz</c>.</summary>
/// <param name="Seed">What chose the mutants.</param>
/// <param name="First">Index of the first mutant.</param>
/// <param name="Models">Number of models that they were made of.</param>
/// <param name="Mutants">Number of mutants.</param>
/// <param name="Accepted">Those of them that compiled.</param>
/// <param name="Refused">The others, by diagnostic.</param>
/// <param name="SlowestMilliseconds">Longest processor time of a compilation.</param>
/// <param name="Findings">Problems.</param>
internal sealed record FuzzReport(
    int Seed, int First, int Models, int Mutants, int Accepted, IReadOnlyList<FuzzRefusals> Refused, double SlowestMilliseconds, IReadOnlyList<FuzzFindingReport> Findings)
{
    /// <summary>Makes the report and keeps the mutants that it names.</summary>
    public static FuzzReport Of(int seed, int first, int models, Fuzzer fuzzer, MutantFolder folder) => new(
        seed,
        first,
        models,
        fuzzer.Count,
        fuzzer.Accepted,
        fuzzer.Refusals.Select(static r => new FuzzRefusals(r.Key, r.Value)).ToArray(),
        fuzzer.Slowest.TotalMilliseconds,
        fuzzer.Findings.Select(f => Describe(f, folder.Keep(f.Smallest))).ToArray());

    private static FuzzFindingReport Describe(FuzzFinding finding, string file) => new(
        finding.Problem.Kind.ToString().ToLowerInvariant(),
        finding.Problem.Message,
        finding.Count,
        finding.Smallest.Index,
        file,
        $"aotc inspect {string.Join(' ', finding.Smallest.Arguments().Prepend(file).Select(Quote))} --stage plan");

    private static string Quote(string argument) => argument.Any(static c => !char.IsLetterOrDigit(c) && !"-_./=".Contains(c)) ? $"'{argument.Replace("'", "'\\''")}'" : argument;
}

/// <summary>Mutants that were refused.</summary>
/// <param name="Code">The diagnostic.</param>
/// <param name="Count">How many.</param>
internal sealed record FuzzRefusals(string Code, int Count);

/// <summary>A problem.</summary>
/// <param name="Kind"><c>crash</c>, <c>hang</c>, <c>time</c>, <c>memory</c> or <c>code</c>.</param>
/// <param name="Message">What is wrong.</param>
/// <param name="Count">How many mutants show it.</param>
/// <param name="Index">The smallest of these.</param>
/// <param name="File">Where that one was written.</param>
/// <param name="Command">A command line that compiles it with the options of the run.</param>
internal sealed record FuzzFindingReport(string Kind, string Message, int Count, int Index, string File, string Command);
