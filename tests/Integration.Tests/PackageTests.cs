using System.IO;
using System.Linq;
using AotCompiler.Integration.Tests.Support;
using AotCompiler.Onnx;
using AotCompiler.Tests.Onnx;
using Shouldly;

namespace AotCompiler.Integration.Tests;

/// <summary>The packed package in fresh projects: build, run, and what a build does when something changes.</summary>
[Collection(PackageCollection.Name)]
public sealed class PackageTests(PackageFeed feed)
{
    [Fact]
    public void TwoModelsRunUnderTheJit()
    {
        var project = new UserProject(feed, "jit");
        project.SmallModel("cnn-residual", "InlineWeightLimit=\"1000000\"").SmallModel("mlp-large", "Namespace=\"Other.Models\" ClassName=\"Large\" Accessibility=\"internal\"");
        project.WriteReferenceData("cnn-residual");
        project.WriteReferenceData("mlp-large");
        project.Code(UserProject.Program(UserProject.Runner("jit.CnnResidual", "cnn-residual", 1, 1, "a"), UserProject.Runner("Other.Models.Large", "mlp-large", 1, 1, "b")));
        project.Build("-c", "Release").ShouldSucceedWithoutComplaint();
        string output = Path.Combine(project.Folder, "bin", "Release", "net10.0");
        File.Exists(Path.Combine(output, "jit.Other.Models.Large.Weights.dll")).ShouldBeTrue("weights above the limit are packed");
        File.Exists(Path.Combine(output, "jit.cnn-residual.Weights.dll")).ShouldBeFalse("weights below the limit are in the source");
        project.ShouldAnswer("dotnet", [Path.Combine(output, "jit.dll")], "cnn-residual", "mlp-large");
    }

    [Theory]
    [InlineData("oldest", "LangVersion=7.3", "Nullable=", "ImplicitUsings=disable", "TreatWarningsAsErrors=true", "AllowUnsafeBlocks=false")]
    [InlineData("strict", "LangVersion=latest", "Nullable=enable", "TreatWarningsAsErrors=true", "CheckForOverflowUnderflow=true", "GenerateDocumentationFile=true", "AnalysisMode=All", "EnforceCodeStyleInBuild=true")]
    [InlineData("relaxed", "LangVersion=10.0", "Nullable=annotations", "InvariantGlobalization=true", "ImplicitUsings=enable", "Optimize=false", "RootNamespace=my-app.class")]
    public void AnySettingsBuildWithoutAWarning(string name, params string[] settings)
    {
        var project = new UserProject(feed, name, outputType: "Library");
        foreach (string[] setting in settings.Select(static s => s.Split('=')))
        {
            project.Property(setting[0], setting[1]);
        }

        project.SmallModel("cnn-residual").SmallModel("mlp-large").SmallModel("elementwise").SmallModel("integers-and-logic");
        project.Build().ShouldSucceedWithoutComplaint();
    }

    [Fact]
    public void BrokenModelFailsTheBuildWithADiagnostic()
    {
        var project = new UserProject(feed, "broken", outputType: "Library");
        project.Model("short", File.ReadAllBytes(Path.Combine(Repository.SmallModel("mlp"), "model.onnx"))[..1000]);
        ShellResult result = project.Build();
        result.ExitCode.ShouldNotBe(0);
        result.Complaints.ShouldContain(static line => line.Contains("short.onnx", System.StringComparison.Ordinal) && line.Contains("error AOTC0", System.StringComparison.Ordinal));
        result.Complaints.ShouldNotContain(static line => line.Contains("CS8785", System.StringComparison.Ordinal));
    }

    [Fact]
    public void FrameworksWithoutTheVectorTypesAreRefused()
    {
        var project = new UserProject(feed, "old", outputType: "Library", framework: "net8.0");
        project.SmallModel("elementwise");
        ShellResult result = project.Build();
        result.ExitCode.ShouldNotBe(0);
        result.Complaints.ShouldAllBe(static line => line.Contains("error AOTC0410: The code of models needs .NET 9 or later, and this project is built for net8.0.", System.StringComparison.Ordinal));
    }

    [Fact]
    public void WrongOptionFailsTheBuildAndShowsTheForm()
    {
        var project = new UserProject(feed, "option", outputType: "Library");
        project.SmallModel("elementwise", "Dimensions=\"batch:4\"");
        ShellResult result = project.Build();
        result.ExitCode.ShouldNotBe(0);
        result.Complaints.ShouldContain(static line => line.Contains("AOTC0401", System.StringComparison.Ordinal) && line.Contains("batch=1;seq=128", System.StringComparison.Ordinal));
    }

    [Fact]
    public void BuildDoesAgainOnlyWhatAChangeAsksFor()
    {
        var project = new UserProject(feed, "changes", outputType: "Library");
        project.SmallModel("external-data").Model("free", FreeModel(), "Dimensions=\"rows=2;seq#1=30000\"");
        project.Build().ShouldSucceedWithoutComplaint().Output.ShouldNotContain("Skipping target \"AotCompilerPackWeights\"");
        string weights = Path.Combine(project.Folder, "obj", "Debug", "net10.0", "aotc", "changes.free.Weights.dll");
        byte[] first = File.ReadAllBytes(weights);

        project.Build().ShouldSucceedWithoutComplaint().Output.ShouldContain("Skipping target \"CoreCompile\"");
        File.ReadAllBytes(weights).ShouldBe(first);

        string external = Path.Combine(project.Folder, "models", "external-data", "weights.bin");
        byte[] changed = File.ReadAllBytes(external);
        changed[1] ^= 1;
        File.WriteAllBytes(external, changed);
        project.Build().ShouldSucceedWithoutComplaint().Output.ShouldNotContain("Skipping target \"CoreCompile\"");

        File.WriteAllBytes(Path.Combine(project.Folder, "free.onnx"), FreeModel(2f));
        project.Build().ShouldSucceedWithoutComplaint();
        File.ReadAllBytes(weights).ShouldNotBe(first);

        project.Dotnet("clean", "-nologo").ShouldSucceed();
        File.Exists(weights).ShouldBeFalse();
    }

    [Fact]
    public void EditorSeesAProjectThatWasNeverBuilt()
    {
        var project = new UserProject(feed, "editor", outputType: "Library");
        project.SmallModel("mlp-large").Code("public class User { public static int Length => editor.MlpLarge.WeightBytes; }");
        project.Dotnet("restore").ShouldSucceed();
        project.Dotnet("msbuild", "-nologo", "-t:Compile", "-p:DesignTimeBuild=true").ShouldSucceedWithoutComplaint();
        Directory.Exists(Path.Combine(project.Folder, "obj", "Debug", "net10.0", "aotc")).ShouldBeFalse("an editor's build packs nothing");
        project.Build().ShouldSucceedWithoutComplaint();
    }

    [Fact]
    [Trait("Category", "Long")]
    public void LibraryBringsTheWeightsOfItsModels()
    {
        var library = new UserProject(feed, "library", outputType: "Library");
        library.Property("Version", "1.0.0-test").SmallModel("mlp-large");
        library.Dotnet("pack", "-o", Path.Combine(library.Folder, "out"), "-nologo").ShouldSucceedWithoutComplaint();
        using (System.IO.Compression.ZipArchive package = System.IO.Compression.ZipFile.OpenRead(Directory.GetFiles(Path.Combine(library.Folder, "out")).Single()))
        {
            package.Entries.Select(static e => e.FullName).ShouldContain("lib/net10.0/library.mlp-large.Weights.dll");
        }

        var app = new UserProject(feed, "app");
        app.Item("""<ProjectReference Include="../library/library.csproj" />""");
        app.WriteReferenceData("mlp-large");
        app.Code(UserProject.Program(UserProject.Runner("library.MlpLarge", "mlp-large", 1, 1, "a")));
        app.Build().ShouldSucceedWithoutComplaint();
        app.ShouldAnswer("dotnet", [Path.Combine(app.Folder, "bin", "Debug", "net10.0", "app.dll")], "mlp-large");
    }

    /// <summary>Weights of 120,000 bytes behind free dimensions, one with a name that is awkward for MSBuild.</summary>
    private static byte[] FreeModel(float weight = 1f) => new ModelBuilder()
        .Input("x", OnnxDataType.Float, ["rows", "seq#1"])
        .Initializer("w", [30000], Enumerable.Range(0, 30000).Select(i => weight * i).ToArray())
        .Node("Add", ["x", "w"], ["y"])
        .Output("y")
        .ToBytes();
}
