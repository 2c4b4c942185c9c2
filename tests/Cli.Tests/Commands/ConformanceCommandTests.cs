using System.IO;
using System.Linq;
using System.Text.Json;
using AotCompiler.Cli.CommandLine;
using AotCompiler.Cli.Tests.Support;
using Shouldly;

namespace AotCompiler.Cli.Tests.Commands;

public sealed class ConformanceCommandTests
{
    private static readonly string _suite = Path.Combine(Repository.Root, "models", "small");

    [Fact]
    public void ReportsCasesAndOperators()
    {
        JsonElement report = CliRun.Of("conformance", _suite, "--filter", "MLP", "--atol", "1e-5", "--json").Succeeded().Json;

        report.Keys().ShouldBe(["suite", "isa", "absoluteTolerance", "relativeTolerance", "total", "passed", "unsupported", "wrong", "failed", "skipped", "constants", "random", "operators"]);
        report.GetProperty("total").GetInt32().ShouldBe(2);
        report.GetProperty("passed").GetInt32().ShouldBe(2);
        JsonElement gemm = report.GetProperty("operators").EnumerateArray().Single(static o => o.GetProperty("operator").GetString() is "Gemm");
        gemm.Keys().ShouldBe(["domain", "operator", "cases", "passed", "unsupported", "wrong", "maxUlp", "types"]);
    }

    [Fact]
    public void WrongResultsExitWith1AndSayWhatDiffers()
    {
        using var folder = new TestFolder();
        folder.AddModel("model.onnx");
        folder.Proto("test_data_set_0/input_0.pb", "a", [1, 2], 1, 2);
        folder.Proto("test_data_set_0/input_1.pb", "b", [2], 10, 20);
        folder.Proto("test_data_set_0/output_0.pb", "sum", [1, 2], 11, 22.5f);

        CliRun run = CliRun.Of("conformance", folder[""], "--json").Failed(ExitCode.Failure, "");
        JsonElement failure = run.Json.GetProperty("failed").First();
        failure.Keys().ShouldBe(["name", "kind", "reason"]);
        failure.GetProperty("kind").GetString().ShouldBe("wrong");
        failure.GetProperty("reason").GetString()!.ShouldContain("1 elements out of tolerance, the worst at 1");
    }

    [Fact]
    public void AFolderWithoutCasesIsAnError()
    {
        CliRun.Of("conformance", Path.Combine(_suite, "absent")).Failed(ExitCode.Failure, "does not exist");
        CliRun.Of("conformance", _suite, "--filter", "no such case").Failed(ExitCode.Failure, "holds no case whose name contains 'no such case'");
    }
}
