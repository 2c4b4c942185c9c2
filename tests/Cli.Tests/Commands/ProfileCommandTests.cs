using System.IO;
using System.Linq;
using System.Text.Json;
using AotCompiler.Cli.CommandLine;
using AotCompiler.Cli.Tests.Peer;
using AotCompiler.Cli.Tests.Support;
using Shouldly;

namespace AotCompiler.Cli.Tests.Commands;

public sealed class ProfileCommandTests
{
    private static readonly string[] Keys =
    [
        "model", "dimensions", "inputs", "isa", "vectorBits", "threads", "runs", "minMs", "medianMs", "stepSumMs", "multiplyAdds", "gigaFlops", "percentOfPeak",
        "arenaBytes", "arenaLowerBoundBytes", "weightBytes", "peak", "steps",
    ];

    private static readonly string[] StepKeys =
    [
        "index", "name", "operator", "kind", "kernel", "summary", "output", "minUs", "medianUs", "share", "multiplyAdds", "gigaFlops", "percentOfPeak",
        "bytesMoved", "gigabytesPerSecond",
    ];

    [Fact]
    public void EveryStepIsTimed()
    {
        JsonElement report = CliRun.Of("profile", Repository.SmallModel("cnn-residual"), "--runs", "12", "--json").Succeeded().Json;

        report.Keys().ShouldBe(Keys);
        report.GetProperty("runs").GetInt32().ShouldBe(12);
        report.GetProperty("peak").GetProperty("gigaFlops").GetDouble().ShouldBeGreaterThan(0);
        JsonElement[] steps = report.GetProperty("steps").EnumerateArray().ToArray();
        steps.Select(static s => s.GetProperty("index").GetInt32()).ShouldBe(Enumerable.Range(0, steps.Length));
        steps.Sum(static s => s.GetProperty("share").GetDouble()).ShouldBe(1, 1e-6);
        steps.Sum(static s => s.GetProperty("minUs").GetDouble()).ShouldBe(1000 * report.GetProperty("stepSumMs").GetDouble(), 1e-6);
        steps.Sum(static s => s.GetProperty("multiplyAdds").GetInt64()).ShouldBe(report.GetProperty("multiplyAdds").GetInt64());
        foreach (JsonElement step in steps)
        {
            step.Keys().ShouldBe(StepKeys);
            step.GetProperty("medianUs").GetDouble().ShouldBeGreaterThanOrEqualTo(step.GetProperty("minUs").GetDouble());
            step.GetProperty("bytesMoved").GetInt64().ShouldBeGreaterThan(0);
            step.GetProperty("kind").GetString()!.ShouldNotBeEmpty();
        }
    }

    /// <summary>One number that follows from two others is what they say.</summary>
    [Fact]
    public void SpeedsFollowFromTimes()
    {
        JsonElement report = CliRun.Of("profile", Repository.SmallModel("mlp-large"), "--runs", "12", "--isa", "x86-64-v3", "--json").Succeeded().Json;
        double peak = report.GetProperty("peak").GetProperty("gigaFlops").GetDouble();
        report.GetProperty("vectorBits").GetInt32().ShouldBe(256);

        foreach (JsonElement step in report.GetProperty("steps").EnumerateArray().Where(static s => s.GetProperty("gigaFlops").ValueKind == JsonValueKind.Number))
        {
            double flops = step.GetProperty("gigaFlops").GetDouble();
            double time = step.GetProperty("minUs").GetDouble();
            flops.ShouldBe(2e-3 * step.GetProperty("multiplyAdds").GetInt64() / time, 1e-6 * flops);
            step.GetProperty("percentOfPeak").GetDouble().ShouldBe(100 * flops / peak, 1e-6 * flops);
            step.GetProperty("gigabytesPerSecond").GetDouble().ShouldBe(1e-3 * step.GetProperty("bytesMoved").GetInt64() / time, 1e-3);
        }
    }

    /// <summary>With threads each step has its time on one beside it, and what they gain; speeds are parts of all cores' peak.</summary>
    [Fact]
    public void ThreadsAreSetBesideOne()
    {
        JsonElement report = CliRun.Of("profile", Repository.SmallModel("cnn-residual"), "--runs", "12", "--threads", "2", "--json").Succeeded().Json;
        report.GetProperty("threads").GetInt32().ShouldBe(2);
        double peak = 2 * report.GetProperty("peak").GetProperty("gigaFlops").GetDouble();
        foreach (JsonElement step in report.GetProperty("steps").EnumerateArray().Where(static s => s.GetProperty("gigaFlops").ValueKind == JsonValueKind.Number))
        {
            double flops = step.GetProperty("gigaFlops").GetDouble();
            step.GetProperty("percentOfPeak").GetDouble().ShouldBe(100 * flops / peak, 1e-6 * flops);
            double one = step.GetProperty("oneThreadUs").GetDouble();
            step.GetProperty("speedup").GetDouble().ShouldBe(one / step.GetProperty("minUs").GetDouble(), 1e-6 * one);
        }

        CliRun.Of("profile", Repository.SmallModel("mlp"), "--runs", "5", "--threads", "2").Succeeded().Output.ShouldContain("2 threads");
    }

    [Fact]
    public void TableNamesMachineAndSteps()
    {
        CliRun run = CliRun.Of("profile", Repository.SmallModel("mlp"), "--runs", "5").Succeeded();
        run.Output.ShouldContain("GFLOP/s; reads");
        run.Output.ShouldContain("% peak");
        run.Output.ShouldContain("contraction");
    }

    [Fact]
    public void PageIsWrittenAndNamesNoPath()
    {
        using var folder = new TestFolder();
        string page = folder["page.html"];
        CliRun.Of("profile", folder.AddModel(), "--runs", "3", "--html", page).Succeeded();
        string text = File.ReadAllText(page);
        text.ShouldContain("<svg");
        text.ShouldNotContain(Path.GetDirectoryName(page)!);
    }

    [Fact]
    public void PeerThatCannotBeLoadedIsAFailure() =>
        CliRun.Of("profile", Repository.SmallModel("mlp"), "--runs", "2", "--against-onnxruntime", "no-such-library.so").Failed(ExitCode.Failure, "no-such-library.so");

    [OnnxRuntimeFact]
    public void NodesOfThePeerMapToSteps()
    {
        JsonElement report = CliRun.Of(
            "profile", Repository.SmallModel("cnn-residual"), "--runs", "20", "--json", "--against-onnxruntime", OnnxRuntimeFactAttribute.LibraryPath!).Succeeded().Json;

        JsonElement peer = report.GetProperty("onnxruntime");
        peer.GetProperty("unmappedUs").GetDouble().ShouldBeLessThan(0.2 * peer.GetProperty("nodesUs").GetDouble());
        JsonElement[] convolutions = report.GetProperty("steps").EnumerateArray().Where(static s => s.GetProperty("operator").GetString() == "Conv").ToArray();

        // Of convolutions that run as one chain, the last one's step carries the peer's nodes of all.
        JsonElement[] mapped = convolutions.Where(static s => s.TryGetProperty("onnxruntimeNodes", out _)).ToArray();
        mapped.Length.ShouldBeGreaterThan(convolutions.Length / 2);
        mapped.ShouldAllBe(static s => s.GetProperty("onnxruntimeNodes").EnumerateArray().Any(static n => n.GetString()!.Contains("(Conv)")));
    }
}
