using System.IO;
using System.Text.Json;
using AotCompiler.Cli.CommandLine;
using AotCompiler.Cli.Numerics;
using AotCompiler.Cli.Tests.Numerics;
using AotCompiler.Cli.Tests.Support;
using Shouldly;

namespace AotCompiler.Cli.Tests.Commands;

public sealed class RunCommandTests
{
    [Fact]
    public void OutputsAreWrittenAsNumPyArrays()
    {
        using var folder = new TestFolder();
        string model = folder.AddModel();
        string a = folder.Array("a.npy", [2, 2], 1, 2, 3, 4);
        string b = folder.Proto("b.pb", "", [2], 10, 20);

        CliRun run = CliRun.Of("run", model, "--input", $"b={b}", "--input", a, "-o", folder["out"], "--json").Succeeded();

        TensorData sum = NpyFile.Read(folder["out/sum.npy"]);
        sum.Shape.ShouldBe([2, 2]);
        sum.Elements<float>().ShouldBe([11, 22, 13, 24]);
        run.Json.Keys().ShouldBe(["model", "outputs"]);
        JsonElement output = run.Json.GetProperty("outputs").First();
        output.Keys().ShouldBe(["name", "type", "shape", "min", "max", "mean", "nonFinite", "first", "file"]);
        output.GetProperty("mean").GetDouble().ShouldBe(17.5);
        output.GetProperty("file").GetString().ShouldBe(folder["out/sum.npy"]);
    }

    [Fact]
    public void WithoutAFolderASummaryIsPrinted()
    {
        using var folder = new TestFolder();
        string b = folder.Array("b.npy", [2], float.NaN, 20);
        CliRun run = CliRun.Of("run", folder.AddModel(), "-i", folder.Array("a.npy", [1, 2], 1, 2), "-i", b).Succeeded();
        run.Output.ShouldContain("sum");
        run.Output.ShouldContain("[1, 2]");
        run.Output.ShouldContain("- 22");
    }

    [Fact]
    public void WrongInputsAreExplained()
    {
        using var folder = new TestFolder();
        string model = folder.AddModel();
        string a = folder.Array("a.npy", [1, 2], 1, 2);
        string wide = folder.Array("wide.npy", [3], 1, 2, 3);

        CliRun.Of("run", model).Failed(ExitCode.Failure, "lacks 'a' float [N, 2], 'b' float [2]");
        CliRun.Of("run", model, "-i", a).Failed(ExitCode.Failure, "lacks 'b' float [2]");
        CliRun.Of("run", model, "-i", $"c={a}").Failed(ExitCode.Failure, "The model has no input 'c'. Its inputs are 'a', 'b'.");
        CliRun.Of("run", model, "-i", a, "-i", wide).Failed(ExitCode.Failure, "Input 'b' is float [2], the data are float [3].");
        CliRun.Of("run", model, "-i", a, "-i", folder["none.npy"]).Failed(ExitCode.Failure, "none.npy does not exist");
        CliRun.Of("run", model, "-i", a, "-i", model).Failed(ExitCode.Failure, "neither a .npy nor a .pb nor a .json file");
        File.WriteAllText(folder["text.npy"], "text");
        CliRun.Of("run", model, "-i", a, "-i", folder["text.npy"]).Failed(ExitCode.Failure, "not a .npy file");
    }
}
