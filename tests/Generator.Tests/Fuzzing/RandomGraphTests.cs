using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using AotCompiler.Ir;
using AotCompiler.Onnx.Proto;
using AotCompiler.Operators;
using AotCompiler.Tests.Support;
using Google.Protobuf;
using Shouldly;
using Xunit;

namespace AotCompiler.Tests.Fuzzing;

/// <summary>
/// Random graphs compute what the interpreter computes, whatever was fused, laid out or placed over each other. Seeds are fixed.
/// <c>AOTC_GRAPH_RUNS</c> sets the number of graphs of the long run, <c>AOTC_GRAPH_SEED</c> its first seed and
/// <c>AOTC_FUZZ_OUTPUT</c> a folder for the models that fail.
/// </summary>
public class RandomGraphTests
{
    /// <summary>Models in one assembly: the fixed cost of a compilation is shared, and what fails is still found soon.</summary>
    private const int BatchSize = 25;

    [Theory]
    [InlineData(1, "x86-64-v4")]
    [InlineData(1001, "x86-64-v3")]
    [InlineData(2001, "baseline")]
    public void Random_graphs_agree_with_the_interpreter(int seed, string isa) => Run(seed, 25, isa).ShouldBeEmpty();

    [Fact]
    [Trait("Category", "Long")]
    public void Many_random_graphs_agree_with_the_interpreter()
    {
        int runs = Number("AOTC_GRAPH_RUNS") ?? 0;
        int seed = Number("AOTC_GRAPH_SEED") ?? 100_000;
        var problems = new List<string>();
        for (int done = 0; done < runs; done += BatchSize)
        {
            problems.AddRange(Run(seed + done, Math.Min(BatchSize, runs - done), OperatorCheck.Isas[done / BatchSize % OperatorCheck.Isas.Length]));
        }

        problems.ShouldBeEmpty();
    }

    private static int? Number(string variable) =>
        int.TryParse(Environment.GetEnvironmentVariable(variable), NumberStyles.None, CultureInfo.InvariantCulture, out int value) ? value : null;

    private static IReadOnlyList<string> Run(int firstSeed, int count, string isa)
    {
        var problems = new List<string>();
        foreach (int[] seeds in Enumerable.Range(firstSeed, count).Chunk(BatchSize))
        {
            foreach (string problem in RandomGraphCheck.Problems(seeds.Select(Make).ToArray(), isa))
            {
                problems.Add(problem);
            }
        }

        return problems;
    }

    private static (string Name, ModelProto Model) Make(int seed) =>
        (string.Create(CultureInfo.InvariantCulture, $"graph-{seed}"), RandomGraph.Make(seed, 4 + (seed % 12)));
}
