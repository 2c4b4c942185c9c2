using AotCompiler.Roslyn;
using AotCompiler.Tests.Onnx;
using AotCompiler.Onnx;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Shouldly;

namespace AotCompiler.Tests.Roslyn;

/// <summary>What the generator does again after an edit. Each test is named after the edit.</summary>
public sealed class IncrementalityTests
{
    [Fact]
    public void EditUserCode_ReadsAndCompilesNothing()
    {
        using GeneratorHarness project = Started();
        project.UserCode("class User { void M() { } }");
        project.Run();
        project.Read.ShouldBeFalse();
        project.Compiled.ShouldBeFalse();
        project.Reasons(ModelGenerator.Steps.Input).ShouldAllBe(static r => r == IncrementalStepRunReason.Cached);
        project.Reasons(ModelGenerator.Steps.Output).ShouldAllBe(static r => r == IncrementalStepRunReason.Cached);
    }

    [Fact]
    public void TouchModel_ReadsItButCompilesNothing()
    {
        using GeneratorHarness project = Started();
        project.Model("digits.onnx", GeneratorHarness.SmallModel());
        project.Run();
        project.Read.ShouldBeTrue();
        project.Compiled.ShouldBeFalse();
        project.Reasons(ModelGenerator.Steps.Input).ShouldContain(IncrementalStepRunReason.Unchanged);
    }

    [Fact]
    public void ChangeModel_CompilesThatOneOnly()
    {
        using GeneratorHarness project = Started();
        string before = project.Sources["Digits.Weights.g.cs"];
        project.Model("digits.onnx", GeneratorHarness.SmallModel(weight: 0.75f));
        project.Run();
        project.Reasons(ModelGenerator.Steps.Compiled).ShouldBe(
            [IncrementalStepRunReason.Modified, IncrementalStepRunReason.Cached], ignoreOrder: true);
        project.Sources["Digits.Weights.g.cs"].ShouldNotBe(before);
    }

    [Fact]
    public void ChangeOptionOfOneModel_CompilesThatOneOnly()
    {
        using GeneratorHarness project = Started();
        project.Metadata("digits.onnx", ("Isa", "x86-64-v3"));
        project.Run();
        project.Read.ShouldBeFalse();
        project.Reasons(ModelGenerator.Steps.Compiled).ShouldBe(
            [IncrementalStepRunReason.Modified, IncrementalStepRunReason.Cached], ignoreOrder: true);
        project.Sources.Keys.ShouldNotContain("Digits.Steps512.g.cs");
        project.Sources.Keys.ShouldContain("Other.Steps512.g.cs");
    }

    [Fact]
    public void ChangeOptionOfTheProject_CompilesAll()
    {
        using GeneratorHarness project = Started();
        project.Property("RootNamespace", "Elsewhere");
        project.Run();
        project.Read.ShouldBeFalse();
        project.Reasons(ModelGenerator.Steps.Compiled).ShouldAllBe(static r => r == IncrementalStepRunReason.Modified);
        project.Sources.Keys.ShouldContain("Elsewhere.Digits.g.cs");
    }

    [Fact]
    public void ChangeUnrelatedProperty_ReadsAndCompilesNothing()
    {
        using GeneratorHarness project = Started();
        project.Property("Something", "else");
        project.Run();
        project.Read.ShouldBeFalse();
        project.Compiled.ShouldBeFalse();
    }

    [Fact]
    public void AddUnrelatedAdditionalFile_ReadsAndCompilesNothing()
    {
        using GeneratorHarness project = Started();
        project.OtherFile("notes.txt", "text");
        project.Run();
        project.Read.ShouldBeFalse();
        project.Compiled.ShouldBeFalse();
    }

    [Fact]
    public void AddModel_CompilesTheNewOneOnly()
    {
        using GeneratorHarness project = Started();
        project.Model("third.onnx", GeneratorHarness.SmallModel(3f));
        project.Run();
        project.Reasons(ModelGenerator.Steps.Compiled).ShouldBe(
            [IncrementalStepRunReason.Cached, IncrementalStepRunReason.Cached, IncrementalStepRunReason.New], ignoreOrder: true);
    }

    [Fact]
    public void AddTuningFile_CompilesItsModelOnly()
    {
        using GeneratorHarness project = Started();
        project.OtherFile("digits.tune.json", Tuning("a"));
        project.Run();
        project.Read.ShouldBeFalse();
        project.Reasons(ModelGenerator.Steps.Compiled).ShouldBe(
            [IncrementalStepRunReason.Modified, IncrementalStepRunReason.Cached], ignoreOrder: true);
        project.DiagnosticIds.ShouldBe(["AOTC0405"]);
    }

    [Fact]
    public void TouchOrReformatTuningFile_CompilesNothing()
    {
        using GeneratorHarness project = Started();
        project.OtherFile("digits.tune.json", Tuning("a"));
        project.Run();
        project.OtherFile("digits.tune.json", Tuning("a").Replace(",", " ,\n"));
        project.Run();
        project.Compiled.ShouldBeFalse();
        project.OtherFile("digits.tune.json", Tuning("b"));
        project.Run();
        project.Compiled.ShouldBeTrue();
    }

    [Fact]
    public void TuningFileOfNoModel_CompilesNothing()
    {
        using GeneratorHarness project = Started();
        project.OtherFile("elsewhere.tune.json", "{");
        project.Run();
        project.Compiled.ShouldBeFalse();
        project.DiagnosticIds.ShouldBeEmpty();
    }

    [Fact]
    public void ChangeLanguageVersionWithinNullableOnes_CompilesNothing()
    {
        using GeneratorHarness project = Started();
        project.LanguageVersionOf(LanguageVersion.CSharp9);
        project.Run();
        project.Compiled.ShouldBeFalse();
    }

    [Fact]
    public void ChangeLanguageVersionToOneWithoutNullable_CompilesAll()
    {
        using GeneratorHarness project = Started();
        project.LanguageVersionOf(LanguageVersion.CSharp7_3);
        project.Run();
        project.Compiled.ShouldBeTrue();
        project.Sources["Digits.g.cs"].ShouldNotContain("#nullable");
    }

    private static string Tuning(string layer) =>
        "{\"version\": 1, \"model\": \"\", \"vectorBits\": 512, \"layers\": [{\"layer\": \"" + layer + "\", \"choice\": \"tile 1x1\"}]}";

    private static GeneratorHarness Started()
    {
        var project = new GeneratorHarness();
        project.Model("digits.onnx", GeneratorHarness.SmallModel());
        project.Model("sub/other.onnx", new ModelBuilder().Input("x", OnnxDataType.Float, 4).Node("Relu", ["x"], ["y"]).Output("y").ToBytes());
        project.Run();
        project.Result.Exception.ShouldBeNull();
        project.DiagnosticIds.ShouldBeEmpty();
        project.Sources.Keys.ShouldContain("Digits.g.cs");
        project.Sources.Keys.ShouldContain("Other.g.cs");
        return project;
    }
}
