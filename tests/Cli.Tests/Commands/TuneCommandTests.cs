using System.IO;
using System.Linq;
using System.Text.Json;
using AotCompiler.Cli.Tests.Support;
using AotCompiler.Compiler;
using AotCompiler.Lowering.Tuning;
using Shouldly;

namespace AotCompiler.Cli.Tests.Commands;

public sealed class TuneCommandTests
{
    private static readonly string[] Keys = ["model", "isa", "vectorBits", "file", "rounds", "seconds", "defaultMs", "tunedMs", "layers"];

    [Fact]
    public void ChoicesAreWrittenAndUsed()
    {
        using var folder = new TestFolder();
        string file = folder["choices.json"];
        JsonElement report = CliRun.Of("tune", Repository.SmallModel("mobile-block"), "-o", file, "--seconds", "3", "--isa", "x86-64-v3", "--json").Succeeded().Json;

        report.Keys().ShouldBe(Keys);
        report.GetProperty("file").GetString().ShouldBe("choices.json");
        JsonElement[] layers = report.GetProperty("layers").EnumerateArray().ToArray();
        layers.ShouldNotBeEmpty();
        foreach (JsonElement layer in layers)
        {
            layer.GetProperty("us").GetDouble().ShouldBeLessThanOrEqualTo(layer.GetProperty("defaultUs").GetDouble());
            layer.GetProperty("tried").EnumerateArray().Select(static t => t.GetProperty("choice").GetString()).ShouldContain(layer.GetProperty("choice").GetString());
        }

        TuningTable table = TuningFile.Parse(file, File.ReadAllText(file));
        table.Problem.ShouldBeNull();
        table.VectorBits.ShouldBe(256);
        table.Layers.Count.ShouldBe(layers.Length);
        CliRun verified = CliRun.Of("verify", Repository.SmallModel("mobile-block"), "--isa", "x86-64-v3", "--tune", file).Succeeded();
        verified.Error.ShouldNotContain("AOTC0405");
        CliRun.Of("verify", Repository.SmallModel("cnn-residual"), "--isa", "x86-64-v3", "--tune", file).Succeeded().Error.ShouldContain("AOTC0405");
        CliRun.Of("verify", Repository.SmallModel("mobile-block"), "--isa", "x86-64-v2", "--tune", file).Succeeded().Error.ShouldContain("AOTC0405");
    }

    [Fact]
    public void TimeCanBeBounded() =>
        CliRun.Of("tune", Repository.SmallModel("mlp"), "-o", Path.Combine(Path.GetTempPath(), Path.GetRandomFileName()), "--seconds", "0").Succeeded();
}
