using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Threading;
using AotCompiler.Compiler;
using AotCompiler.Onnx.Proto;
using Shouldly;
using Xunit;

namespace AotCompiler.Tests.Fuzzing;

/// <summary>
/// Broken models never break the compiler. Seeds are fixed. <c>AOTC_FUZZ_RUNS</c> sets the number of models of the long run,
/// <c>AOTC_FUZZ_SEED</c> its seed and <c>AOTC_FUZZ_OUTPUT</c> a folder for the models that fail.
/// </summary>
public class MutatedModelTests
{
    /// <summary>Findings of one kind are counted, not listed.</summary>
    private const int KindLength = 200;

    /// <summary>Of so many models that the compiler accepts, the code of one is compiled too, which takes longer than all the rest.</summary>
    private const int CompileEvery = 50;

    [Fact]
    public void Mutated_models_are_survived() => Run(FuzzSeeds.Committed(), seed: 1, count: 1200);

    [Fact]
    [Trait("Category", "Long")]
    public void Many_mutated_models_are_survived()
    {
        if (Number("AOTC_FUZZ_RUNS") is { } runs)
        {
            Run([.. FuzzSeeds.Committed(), .. FuzzSeeds.Conformance()], Number("AOTC_FUZZ_SEED") ?? 2, runs);
        }
    }

    private static int? Number(string variable) =>
        int.TryParse(Environment.GetEnvironmentVariable(variable), NumberStyles.None, CultureInfo.InvariantCulture, out int value) ? value : null;

    private static void Run(IReadOnlyList<ModelProto> seeds, int seed, int count)
    {
        string? folder = Environment.GetEnvironmentVariable("AOTC_FUZZ_OUTPUT");
        var problems = new Dictionary<string, (int Count, byte[] Bytes)>(StringComparer.Ordinal);
        var mutator = new ModelMutator(seed, seeds);
        int successes = 0;
        for (int i = 0; i < count; i++)
        {
            byte[] bytes = mutator.Next();
            if (folder is not null)
            {
                // A stack overflow ends the process: the model must be on the disk before.
                File.WriteAllBytes(Path.Combine(folder, $"current-{seed}.onnx"), bytes);
            }

            string? problem = SurvivalCheck.Problem(bytes, $"Fuzz{i}", parse: i % 16 == 0, out CompilationResult? result);
            if (result?.Success == true && successes++ % CompileEvery == 0)
            {
                problem ??= SurvivalCheck.Problem([result]);
            }

            if (problem is not null)
            {
                string kind = problem.Length > KindLength ? problem[..KindLength] : problem;
                bool known = problems.TryGetValue(kind, out var earlier);
                problems[kind] = (earlier.Count + 1, known && earlier.Bytes.Length <= bytes.Length ? earlier.Bytes : bytes);
                if (folder is not null && !known)
                {
                    File.WriteAllBytes(Path.Combine(folder, $"finding-{seed}-{i}.onnx"), bytes);
                    File.AppendAllText(Path.Combine(folder, $"findings-{seed}.txt"), $"{i}: {problem}\n");
                }
            }
        }

        problems.ShouldBeEmpty(string.Join('\n', problems.Select(static p => $"{p.Value.Count} x {p.Key} {(p.Value.Bytes.Length < 3000 ? Convert.ToBase64String(p.Value.Bytes) : string.Empty)}")));
        successes.ShouldBeGreaterThan(count / 20, "mutations must leave enough models valid to reach the later stages");
    }
}
