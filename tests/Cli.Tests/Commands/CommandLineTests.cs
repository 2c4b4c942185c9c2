using AotCompiler.Cli.CommandLine;
using AotCompiler.Cli.Tests.Support;
using Shouldly;

namespace AotCompiler.Cli.Tests.Commands;

public sealed class CommandLineTests
{
    [Theory]
    [InlineData("inspect")]
    [InlineData("compile")]
    [InlineData("build")]
    [InlineData("run")]
    [InlineData("verify")]
    [InlineData("bench")]
    public void EveryCommandHasHelpWithExamplesAndTheCommonOptions(string command)
    {
        CliRun run = CliRun.Of(command, "--help").Succeeded();

        run.Output.ShouldContain($" {command} <MODEL>");
        run.Output.ShouldContain("Examples:");
        run.Output.ShouldContain("--dim <NAME=VALUE>");
        run.Output.ShouldContain("--isa <NAME>");
        run.Output.ShouldContain("--json");
        run.Output.ShouldNotContain("{");
    }

    [Fact]
    public void RootHelpListsCommandsAndExitCodes()
    {
        string help = CliRun.Of("--help").Succeeded().Output;
        help.ShouldContain("Exit codes");
        help.ShouldContain("verify <MODEL>");
    }

    [Theory]
    [InlineData("MODEL", "inspect")]
    [InlineData("nonsense", "nonsense")]
    [InlineData("--nonsense", "inspect", "m.onnx", "--nonsense")]
    [InlineData("is not a dimension", "inspect", "m.onnx", "--dim", "batch")]
    [InlineData("is not a dimension", "inspect", "m.onnx", "--dim", "batch=-1")]
    [InlineData("two values", "inspect", "m.onnx", "--dim", "n=1", "--dim", "n=2")]
    [InlineData("avx3", "inspect", "m.onnx", "--isa", "avx3")]
    [InlineData("layers", "inspect", "m.onnx", "--stage", "layers")]
    [InlineData("--rtol 'x' is not a number", "verify", "m.onnx", "--rtol", "x")]
    [InlineData("--atol '-1'", "verify", "m.onnx", "--atol", "-1")]
    [InlineData("--rtol 'NaN'", "verify", "m.onnx", "--rtol", "NaN")]
    [InlineData("--runs '0'", "bench", "m.onnx", "--runs", "0")]
    [InlineData("--output", "compile", "m.onnx")]
    [InlineData("net5.0", "build", "m.onnx", "-o", "x", "--framework", "net5.0")]
    public void WrongCommandLinesExitWith2AndSayWhy(string reason, params string[] arguments)
    {
        CliRun run = CliRun.Of(arguments).Failed(ExitCode.Usage, reason);
        run.Output.ShouldBeEmpty();
        run.Error.ShouldContain("--help");
    }

    [Fact]
    public void MissingModelIsADiagnostic()
    {
        CliRun run = CliRun.Of("inspect", "no-such.onnx", "--json").Failed(ExitCode.Failure, "aotc: error AOTC0001: ");
        run.Output.ShouldBeEmpty();
    }

    [Fact]
    public void UnknownDimensionIsADiagnosticThatListsTheKnownOnes()
    {
        using var folder = new TestFolder();
        CliRun.Of("inspect", folder.AddModel(), "--stage", "plan", "--dim", "M=3").Failed(ExitCode.Failure, "It has: 'N'");
    }

    [Fact]
    public void DimensionsAndTheirDefaultReachTheCompiler()
    {
        using var folder = new TestFolder();
        CliRun defaulted = CliRun.Of("inspect", folder.AddModel(), "--stage", "graph").Succeeded();
        defaulted.Error.ShouldContain("aotc: info AOTC0103: Free batch dimension 'N' is compiled as 1.");

        CliRun given = CliRun.Of("inspect", folder.AddModel(), "--stage", "graph", "--dim", "N=7", "--json").Succeeded();
        given.Json.GetProperty("outputs").First().GetProperty("shape").ToString().ShouldBe("[\n        7,\n        2\n      ]");
    }
}
