using System.IO;
using System.Linq;
using System.Text.Json;
using AotCompiler.Cli.CommandLine;
using AotCompiler.Cli.Tests.Support;
using Shouldly;

namespace AotCompiler.Cli.Tests.Commands;

public sealed class FuzzCommandTests
{
    private static readonly string _model = Repository.SmallModel("mobile-block");

    [Fact]
    public void ARunWithoutFindingsLeavesNothingBehind()
    {
        using var folder = new TestFolder();
        JsonElement report = CliRun.Of("fuzz", _model, "--count", "40", "--seed", "3", "--time-limit", "20", "-o", folder["out"], "--json").Succeeded().Json;

        report.Keys().ShouldBe(["seed", "first", "models", "mutants", "accepted", "refused", "slowestMilliseconds", "findings"]);
        report.GetProperty("mutants").GetInt32().ShouldBe(40);
        int refused = report.GetProperty("refused").EnumerateArray().Sum(static r => r.GetProperty("count").GetInt32());
        (report.GetProperty("accepted").GetInt32() + refused).ShouldBe(40);
        Directory.Exists(folder["out"]).ShouldBeFalse();
    }

    [Fact]
    public void MutantsThatExceedALimitAreKeptAndNamed()
    {
        using var folder = new TestFolder();
        CliRun run = CliRun.Of("fuzz", _model, "--count", "10", "--first", "5", "--time-limit", "0", "-o", folder["out"], "--json").Failed(ExitCode.Failure, "");

        JsonElement finding = run.Json.GetProperty("findings").First();
        finding.Keys().ShouldBe(["kind", "message", "count", "index", "file", "command"]);
        finding.GetProperty("kind").GetString().ShouldBe("time");
        finding.GetProperty("count").GetInt32().ShouldBe(10);
        finding.GetProperty("index").GetInt32().ShouldBeInRange(5, 14);
        string file = finding.GetProperty("file").GetString()!;
        Directory.GetFiles(folder["out"]).ShouldBe([file]);
        finding.GetProperty("command").GetString()!.ShouldStartWith("aotc inspect ");
    }

    [Fact]
    public void AMutantThatEndedTheProcessIsKept()
    {
        using var folder = new TestFolder();
        Directory.CreateDirectory(folder["out"]);
        File.WriteAllText(Path.Combine(folder["out"], "current-1.onnx"), "the last one");
        CliRun run = CliRun.Of("fuzz", _model, "--seconds", "1", "--time-limit", "20", "-o", folder["out"]).Succeeded();

        run.Error.ShouldContain("An earlier run ended while it compiled");
        run.Output.ShouldContain("mutants of 1 models");
        File.ReadAllText(Path.Combine(folder["out"], "ended-1.onnx")).ShouldBe("the last one");
    }

    [Fact]
    public void NothingToStartFromIsAnError()
    {
        using var folder = new TestFolder();
        File.WriteAllText(folder["no-model.onnx"], "no model");
        CliRun.Of("fuzz", folder["no-model.onnx"]).Failed(ExitCode.Failure, "No model to start from");
    }
}
