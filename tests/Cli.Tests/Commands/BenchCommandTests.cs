using System.Text.Json;
using AotCompiler.Cli.CommandLine;
using AotCompiler.Cli.Tests.Peer;
using AotCompiler.Cli.Tests.Support;
using Shouldly;

namespace AotCompiler.Cli.Tests.Commands;

public sealed class BenchCommandTests
{
    private static readonly string[] Keys =
    [
        "model", "dimensions", "inputs", "isa", "vectorBits", "threads", "runs", "minMs", "medianMs", "p99Ms", "arenaBytes", "arenaLowerBoundBytes",
        "arenaWithoutReuseBytes", "weightBytes", "allocatedBytesPerRun", "multiplyAdds", "peakGigaFlops", "percentOfPeak", "libraries",
    ];

    [Fact]
    public void ReportHasTheKeysAndNoAllocation()
    {
        JsonElement report = CliRun.Of("bench", Repository.SmallModel("matrices"), "--runs", "20", "--isa", "x86-64-v3", "--json").Succeeded().Json;

        report.Keys().ShouldBe(Keys);
        report.GetProperty("allocatedBytesPerRun").GetInt64().ShouldBe(0);
        report.GetProperty("runs").GetInt32().ShouldBe(20);
        report.GetProperty("threads").GetInt32().ShouldBe(1);
        report.GetProperty("isa").GetString().ShouldBe("x86-64-v3");
        report.GetProperty("vectorBits").GetInt32().ShouldBe(256);
        report.GetProperty("inputs").GetString().ShouldBe("test_data_set_0");
        double median = report.GetProperty("medianMs").GetDouble();
        median.ShouldBeInRange(report.GetProperty("minMs").GetDouble(), report.GetProperty("p99Ms").GetDouble());
    }

    [Fact]
    public void ModelWithoutDataGetsGeneratedInputs()
    {
        using var folder = new TestFolder();
        CliRun run = CliRun.Of("bench", folder.AddModel(), "--runs", "5", "--dim", "N=4", "--json").Succeeded();
        run.Json.GetProperty("inputs").GetString().ShouldBe("generated");
        run.Json.GetProperty("dimensions").GetProperty("N").GetInt32().ShouldBe(4);
    }

    [Fact]
    public void SeveralThreadsAreUsed() => CliRun.Of("bench", Repository.SmallModel("mlp-large"), "--threads", "2", "--runs", "5", "--json")
        .Succeeded().Json.GetProperty("threads").GetInt32().ShouldBe(2);

    [Fact]
    public void NoThreadIsRefused() =>
        CliRun.Of("bench", Repository.SmallModel("matrices"), "--threads", "0").Failed(ExitCode.Usage, "--threads");

    [Fact]
    public void PeerThatCannotBeLoadedIsAFailure() =>
        CliRun.Of("bench", Repository.SmallModel("matrices"), "--against-onnxruntime", "no-such-library.so").Failed(ExitCode.Failure, "no-such-library.so");

    [OnnxRuntimeFact]
    public void PeerIsTimedToo()
    {
        JsonElement report = CliRun.Of(
            "bench", Repository.SmallModel("matrices"), "--runs", "20", "--json", "--against-onnxruntime", OnnxRuntimeFactAttribute.LibraryPath!).Succeeded().Json;

        report.Keys().ShouldBe([.. Keys, "onnxruntimeVersion", "onnxruntimeMinMs", "onnxruntimeMedianMs", "ratio"]);
        report.GetProperty("ratio").GetDouble().ShouldBe(report.GetProperty("onnxruntimeMedianMs").GetDouble() / report.GetProperty("medianMs").GetDouble(), 1e-9);
    }
}
