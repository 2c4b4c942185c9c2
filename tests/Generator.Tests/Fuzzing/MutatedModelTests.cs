using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using AotCompiler.Cli.Fuzzing;
using AotCompiler.Onnx.Proto;
using Shouldly;
using Xunit;

namespace AotCompiler.Tests.Fuzzing;

/// <summary>Broken models never break the compiler: a short run of what <c>aotc fuzz</c> does for long.</summary>
public class MutatedModelTests
{
    /// <summary>A debug build is slow, and the memory of tests that run beside this one is counted too.</summary>
    internal static readonly FuzzLimits Limits = new(TimeSpan.FromSeconds(10), SlackBytes: 256L << 20);

    [Fact]
    public void Mutated_models_are_survived() => Run(FuzzSeeds.Committed(), seed: 1, count: 1200);

    [Fact]
    [Trait("Category", "Long")]
    public void Many_mutated_models_are_survived() => Run([.. FuzzSeeds.Committed(), .. FuzzSeeds.Conformance()], seed: 2, count: 20_000);

    [Fact]
    public void A_mutant_depends_on_seed_and_index_alone()
    {
        IReadOnlyList<ModelProto> models = FuzzSeeds.Committed();
        var first = new ModelMutator(3, models);
        byte[][] inOrder = [.. Enumerable.Range(0, 20).Select(i => first.Make(i).Bytes)];
        new ModelMutator(3, models).Make(17).Bytes.ShouldBe(inOrder[17]);
        inOrder.Select(Convert.ToBase64String).Distinct(StringComparer.Ordinal).Count().ShouldBe(20);
        new ModelMutator(4, models).Make(17).Bytes.ShouldNotBe(inOrder[17]);
    }

    private static void Run(IReadOnlyList<ModelProto> seeds, int seed, int count)
    {
        var fuzzer = new Fuzzer(new ModelMutator(seed, seeds), Limits);
        fuzzer.Run(0, count, time: null, static _ => { }, CancellationToken.None);
        fuzzer.Findings.ShouldBeEmpty(string.Join('\n', fuzzer.Findings.Select(static f => $"{f.Count} x {f.Problem} {string.Join(' ', f.Smallest.Arguments())} {Text(f.Smallest)}")));
        fuzzer.Accepted.ShouldBeGreaterThan(count / 20, "mutations must leave enough models valid to reach the later stages");
    }

    private static string Text(Mutant mutant) => mutant.Bytes.Length < 3000 ? Convert.ToBase64String(mutant.Bytes) : $"mutant {mutant.Index}";
}
