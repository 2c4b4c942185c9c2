using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.IO;
using System.Linq;
using System.Threading;
using AotCompiler.Onnx;
using AotCompiler.Roslyn;
using AotCompiler.Tests.Onnx;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Text;

namespace AotCompiler.Tests.Roslyn;

/// <summary>A project in memory with models on disk, and a generator driver that remembers its last run, as an editor's does.</summary>
internal sealed class GeneratorHarness : IDisposable
{
    private readonly Dictionary<string, AdditionalText> _texts = [];
    private readonly TestOptionsProvider _options = new();
    private CSharpCompilation _compilation;
    private CSharpParseOptions _parseOptions;
    private GeneratorDriver _driver;

    public GeneratorHarness(LanguageVersion version = LanguageVersion.Latest)
    {
        Folder = Directory.CreateTempSubdirectory("aotc-generator-").FullName;
        _parseOptions = new CSharpParseOptions(version);
        _compilation = CSharpCompilation.Create("user", [CSharpSyntaxTree.ParseText("class User { }", _parseOptions, "User.cs")]);
        _driver = CSharpGeneratorDriver.Create(
            [new ModelGenerator().AsSourceGenerator()],
            parseOptions: _parseOptions,
            optionsProvider: _options,
            driverOptions: new GeneratorDriverOptions(IncrementalGeneratorOutputKind.None, trackIncrementalGeneratorSteps: true));
    }

    public string Folder { get; }

    /// <summary>The last run's result.</summary>
    public GeneratorRunResult Result { get; private set; }

    public IReadOnlyList<string> DiagnosticIds => Result.Diagnostics.Select(static d => d.Id).ToArray();

    /// <summary>Generated files by name.</summary>
    public IReadOnlyDictionary<string, string> Sources =>
        Result.GeneratedSources.ToDictionary(static s => s.HintName, static s => s.SourceText.ToString());

    /// <summary>A model of one element-wise step with a weight vector, which fits into the source.</summary>
    public static byte[] SmallModel(float weight = 0.5f) => new ModelBuilder()
        .Input("x", OnnxDataType.Float, 1, 5)
        .Initializer("w", [5], weight, 1.5f, -2.25f, 3e-7f, 1e9f)
        .Node("Add", ["x", "w"], ["y"])
        .Output("y")
        .ToBytes();

    /// <summary>Writes a model and adds it, or tells the driver that it may have changed.</summary>
    public string Model(string name, byte[] bytes, params (string Key, string Value)[] metadata)
    {
        string path = Path.Combine(Folder, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllBytes(path, bytes);
        AddText(path);
        Metadata(name, metadata);
        return path;
    }

    /// <summary>Adds a file that is no model.</summary>
    public void OtherFile(string name, string text)
    {
        string path = Path.Combine(Folder, name);
        File.WriteAllText(path, text);
        AddText(path);
    }

    public void Metadata(string name, params (string Key, string Value)[] metadata) => SetOptions(options =>
        options.Items[Path.Combine(Folder, name)] = metadata.ToDictionary(static m => $"build_metadata.AdditionalFiles.{m.Key}", static m => m.Value));

    public void Property(string name, string value) => SetOptions(options => options.Global[$"build_property.{name}"] = value);

    /// <summary>Replaces the user's code.</summary>
    public void UserCode(string code) => _compilation = _compilation.ReplaceSyntaxTree(
        _compilation.SyntaxTrees.Single(), CSharpSyntaxTree.ParseText(code, _parseOptions, "User.cs"));

    public void LanguageVersionOf(LanguageVersion version)
    {
        _parseOptions = _parseOptions.WithLanguageVersion(version);
        UserCode("class User { }");
        _driver = _driver.WithUpdatedParseOptions(_parseOptions);
    }

    public GeneratorHarness Run(CancellationToken cancellation = default)
    {
        _driver = _driver.RunGenerators(_compilation, cancellation);
        Result = _driver.GetRunResult().Results.Single();
        return this;
    }

    /// <summary>Why each output of a step was as it was in the last run.</summary>
    public IReadOnlyList<IncrementalStepRunReason> Reasons(string step) => Result.TrackedSteps.TryGetValue(step, out ImmutableArray<IncrementalGeneratorRunStep> runs)
        ? runs.SelectMany(static run => run.Outputs).Select(static output => output.Reason).ToArray()
        : [];

    /// <summary>True if the last run compiled a model.</summary>
    public bool Compiled => Reasons(ModelGenerator.Steps.Compiled).Any(static r => r is IncrementalStepRunReason.New or IncrementalStepRunReason.Modified or IncrementalStepRunReason.Unchanged);

    /// <summary>True if the last run read a model.</summary>
    public bool Read => Reasons(ModelGenerator.Steps.Content).Any(static r => r is not IncrementalStepRunReason.Cached);

    public void Dispose() => Directory.Delete(Folder, recursive: true);

    private void AddText(string path)
    {
        var text = new FileText(path);
        _driver = _texts.TryGetValue(path, out AdditionalText? old)
            ? _driver.ReplaceAdditionalText(old, text)
            : _driver.AddAdditionalTexts([text]);
        _texts[path] = text;
    }

    private void SetOptions(Action<TestOptionsProvider> change)
    {
        change(_options);
        _driver = _driver.WithUpdatedAnalyzerConfigOptions(_options.Copy());
    }

    private sealed class FileText(string path) : AdditionalText
    {
        public override string Path => path;

        public override SourceText? GetText(CancellationToken cancellationToken = default) =>
            path.EndsWith(".json", StringComparison.Ordinal)
                ? SourceText.From(File.ReadAllText(path))
                : throw new InvalidOperationException("a model is binary: its text must not be asked for");
    }

    private sealed class TestOptionsProvider : AnalyzerConfigOptionsProvider
    {
        public Dictionary<string, string> Global { get; private init; } = [];

        public Dictionary<string, Dictionary<string, string>> Items { get; private init; } = [];

        public override AnalyzerConfigOptions GlobalOptions => new TestOptions(Global);

        public override AnalyzerConfigOptions GetOptions(SyntaxTree tree) => new TestOptions([]);

        public override AnalyzerConfigOptions GetOptions(AdditionalText textFile) =>
            new TestOptions(Items.TryGetValue(textFile.Path, out Dictionary<string, string>? values) ? values : []);

        public TestOptionsProvider Copy() => new() { Global = new(Global), Items = new(Items) };
    }

    private sealed class TestOptions(Dictionary<string, string> values) : AnalyzerConfigOptions
    {
        public override bool TryGetValue(string key, out string value) => values.TryGetValue(key, out value!);
    }
}
