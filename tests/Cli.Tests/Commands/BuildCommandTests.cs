using System.Diagnostics;
using System.IO;
using AotCompiler.Cli.CommandLine;
using AotCompiler.Cli.Numerics;
using AotCompiler.Cli.Tests.Support;
using Shouldly;

namespace AotCompiler.Cli.Tests.Commands;

/// <summary>Builds a native program: needs the SDK, a linker and the package feed, and half a minute.</summary>
public sealed class BuildCommandTests
{
    private const long MaxBytes = 1_100_000;

    [Fact]
    public void NativeProgramGivesTheResultsOfTheModelInProcess()
    {
        using var folder = new TestFolder();
        string model = Repository.SmallModel("mlp-large");
        string input = Path.Combine(Path.GetDirectoryName(model)!, "test_data_set_0", "input_0.pb");

        CliRun build = CliRun.Of("build", model, "-o", folder["bin"], "--name", "large mlp", "--json").Succeeded();
        build.Json.Keys().ShouldBe(["model", "kind", "path", "bytes", "files", "framework", "runtimeIdentifier", "isa", "arenaBytes", "weightBytes", "stackBytes"]);
        string program = build.Json.GetProperty("path").GetString()!;
        Path.GetFileNameWithoutExtension(program).ShouldBe("large_mlp");
        long code = build.Json.GetProperty("bytes").GetInt64() - build.Json.GetProperty("weightBytes").GetInt64();
        code.ShouldBeLessThanOrEqualTo(MaxBytes);
        Directory.GetFileSystemEntries(folder["bin"]).ShouldBe([program]);

        CliRun.Of("run", model, "--input", input, "-o", folder["expected"], "--isa", "x86-64-v3").Succeeded();
        using (Process process = Process.Start(new ProcessStartInfo(program, [input, "-o", folder["actual"]]) { RedirectStandardOutput = true })!)
        {
            process.StandardOutput.ReadToEnd().ShouldContain(".npy");
            process.WaitForExit();
            process.ExitCode.ShouldBe(0);
        }

        foreach (string expected in Directory.GetFiles(folder["expected"]))
        {
            TensorData actual = NpyFile.Read(folder[Path.Combine("actual", Path.GetFileName(expected))]);
            TensorComparison.Compare(NpyFile.Read(expected), actual, 1e-6, 1e-6).Passed.ShouldBeTrue(expected);
        }
    }

    [Fact]
    public void A_model_that_is_estimated_to_take_too_long_is_refused_with_the_reasons()
    {
        using var folder = new TestFolder();
        CliRun run = CliRun.Of("build", Repository.Model("digits", "digits.onnx"), "-o", folder["bin"], "--budget-ms", "0.001").Failed(ExitCode.Failure, "AOTC0408");
        run.Output.ShouldContain("/net/conv2/Conv");
        run.Output.ShouldContain("225,792");
        Directory.Exists(folder["bin"]).ShouldBeFalse();
        CliRun.Of("build", Repository.Model("digits", "digits.onnx"), "-o", folder["bin"], "--budget-ms", "x").Failed(ExitCode.Usage, "AOTC0401");
    }

    [Theory]
    [InlineData("linux-x64", "x86-64-v3", "a desktop core at 3 GHz with AVX2")]
    [InlineData("linux-arm64", "armv8-a", "an Arm core at 1.5 GHz")]
    [InlineData("linux-arm", "armv7", "a 32-bit Arm core at 1 GHz")]
    [InlineData("none-armv7em", "armv7", "a Cortex-M4 at 168 MHz")]
    public void The_estimate_is_one_for_the_target(string target, string isa, string device)
    {
        using var folder = new TestFolder();
        string model = Repository.Model("digits", "digits.onnx");
        CliRun run = CliRun.Of("build", model, "-o", folder["bin"], "--kind", "static", "--target", target, "--isa", isa, "--budget-ms", "0.0001").Failed(ExitCode.Failure, "AOTC0408");
        run.Error.ShouldContain(device);
        run.Output.ShouldContain("multiply-adds");
        Directory.Exists(folder["bin"]).ShouldBeFalse();
    }

    [Fact]
    public void A_file_that_is_too_large_is_refused()
    {
        using var folder = new TestFolder();
        string model = Repository.Model("digits", "digits.onnx");
        CliRun.Of("build", model, "-o", folder["bin"], "--kind", "object", "--budget-kb", "50").Failed(ExitCode.Failure, "AOTC0408").Output.ShouldContain("multiply-adds");
        Directory.Exists(folder["bin"]).ShouldBeFalse();
        CliRun.Of("build", model, "-o", folder["bin"], "--kind", "object", "--budget-kb", "150", "--json").Succeeded().Json.GetProperty("framework").ValueKind.ShouldBe(System.Text.Json.JsonValueKind.Null);
        File.Exists(Path.Combine(folder["bin"], "lib", "digits.o")).ShouldBeTrue();
    }

    [Theory]
    [InlineData("static", "dotnet", "linux-x64", "kind shared")]
    [InlineData("exe", "none", "linux-x64", "needs the .NET runtime")]
    [InlineData("shared", "none", "win-x64", "only for Linux")]
    public void A_runtime_that_the_kind_cannot_have_is_refused(string kind, string runtime, string target, string reason)
    {
        using var folder = new TestFolder();
        CliRun run = CliRun.Of("build", Repository.Model("digits", "digits.onnx"), "-o", folder["bin"], "--kind", kind, "--runtime", runtime, "--target", target);
        run.ExitCode.ShouldNotBe(ExitCode.Success);
        run.Error.ShouldContain(reason);
        Directory.Exists(folder["bin"]).ShouldBeFalse();
    }

    [Fact]
    public void ModelThatCannotBeCompiledIsADiagnostic()
    {
        using var folder = new TestFolder();
        CliRun.Of("build", folder.AddModel(freeDimension: "length"), "-o", folder["bin"]).Failed(ExitCode.Failure, "AOTC0102");
        Directory.Exists(folder["bin"]).ShouldBeFalse();
    }
}
