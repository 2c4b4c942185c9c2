extern alias generator;

using System.Collections.Generic;
using System.Collections.Immutable;
using System.IO;
using System.Linq;
using System.Text;
using System.Threading;
using AotCompiler.Cli.CommandLine;
using AotCompiler.Cli.Tests.Support;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Text;
using Shouldly;
using ModelGenerator = generator::AotCompiler.Roslyn.ModelGenerator;

namespace AotCompiler.Cli.Tests.Commands;

public sealed class CompileCommandTests
{
    [Theory]
    [InlineData("matrices")]
    [InlineData("elementwise")]
    [InlineData("mlp-large")]
    public void FilesAreThoseOfTheGenerator(string name)
    {
        using var folder = new TestFolder();
        CliRun.Of("compile", Repository.SmallModel(name), "-o", folder["out"], "--namespace", "Some.Space", "--class", "Net", "--isa", "x86-64-v3").Succeeded();

        var metadata = new Dictionary<string, string> { ["Namespace"] = "Some.Space", ["ClassName"] = "Net", ["Isa"] = "x86-64-v3" };
        Dictionary<string, byte[]> generated = Generate(Repository.SmallModel(name), metadata);
        string[] written = Directory.GetFiles(folder["out"], "*.cs").Select(Path.GetFileName).Order().ToArray()!;
        written.ShouldBe(generated.Keys.Order());
        foreach (string file in written)
        {
            File.ReadAllBytes(folder[Path.Combine("out", file)]).SequenceEqual(generated[file]).ShouldBeTrue(file);
        }
    }

    [Fact]
    public void LargeWeightsGoIntoAnAssembly()
    {
        using var folder = new TestFolder();
        CliRun run = CliRun.Of("compile", Repository.SmallModel("mlp-large"), "-o", folder["out"], "--json").Succeeded();

        run.Json.Keys().ShouldBe(["model", "className", "planHash", "files"]);
        run.Json.GetProperty("files").First().Keys().ShouldBe(["path", "bytes", "kind"]);
        string[] weights = run.Json.GetProperty("files").EnumerateArray()
            .Where(static f => f.GetProperty("kind").GetString() == "weights").Select(static f => f.GetProperty("path").GetString()!).ToArray();
        weights.ShouldBe([folder["out/Model.Weights.dll"]]);
        new FileInfo(weights[0]).Length.ShouldBeGreaterThan(64 * 1024);
    }

    [Fact]
    public void MalformedNamesAreRefused()
    {
        using var folder = new TestFolder();
        CliRun.Of("compile", folder.AddModel(), "-o", folder["out"], "--class", "class").Failed(ExitCode.Usage, "AOTC0401");
        Directory.Exists(folder["out"]).ShouldBeFalse();
    }

    /// <summary>Files that the compiler would write to disk for the generator, by name.</summary>
    private static Dictionary<string, byte[]> Generate(string model, Dictionary<string, string> metadata)
    {
        GeneratorDriver driver = CSharpGeneratorDriver.Create(
            [new ModelGenerator().AsSourceGenerator()], [new ModelText(model)], new CSharpParseOptions(LanguageVersion.Latest), new Options(metadata));
        GeneratorRunResult result = driver.RunGenerators(CSharpCompilation.Create("user")).GetRunResult().Results.Single();
        return result.GeneratedSources.ToDictionary(static s => s.HintName, static s => Bytes(s.SourceText));
    }

    private static byte[] Bytes(SourceText text)
    {
        using var stream = new MemoryStream();
        using (var writer = new StreamWriter(stream, text.Encoding ?? Encoding.UTF8, leaveOpen: true))
        {
            text.Write(writer);
        }

        return stream.ToArray();
    }

    private sealed class ModelText(string path) : AdditionalText
    {
        public override string Path => path;

        public override SourceText? GetText(CancellationToken cancellationToken = default) => null;
    }

    private sealed class Options(Dictionary<string, string> metadata) : AnalyzerConfigOptionsProvider
    {
        public override AnalyzerConfigOptions GlobalOptions { get; } = new Values([]);

        public override AnalyzerConfigOptions GetOptions(SyntaxTree tree) => GlobalOptions;

        public override AnalyzerConfigOptions GetOptions(AdditionalText textFile) =>
            new Values(metadata.ToDictionary(static m => $"build_metadata.AdditionalFiles.{m.Key}", static m => m.Value));
    }

    private sealed class Values(Dictionary<string, string> values) : AnalyzerConfigOptions
    {
        public override bool TryGetValue(string key, out string value) => values.TryGetValue(key, out value!);
    }
}
