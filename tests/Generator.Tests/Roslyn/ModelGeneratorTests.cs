using System;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Threading;
using AotCompiler.Onnx;
using AotCompiler.Tests.Onnx;
using Microsoft.CodeAnalysis;
using Shouldly;

namespace AotCompiler.Tests.Roslyn;

public sealed class ModelGeneratorTests
{
    [Fact]
    public void MetadataChoosesNamespaceClassAndAccessibility()
    {
        using var project = new GeneratorHarness();
        project.Model("digits.onnx", GeneratorHarness.SmallModel(), ("Namespace", "My.Models"), ("ClassName", "Reader"), ("Accessibility", "internal"));
        string code = project.Run().Sources["My.Models.Reader.g.cs"];
        code.ShouldContain("namespace My.Models");
        code.ShouldContain("internal sealed unsafe partial class Reader");
    }

    [Theory]
    [InlineData("my-app", "my_app")]
    [InlineData("3d.class.tools", "_3d._class.tools")]
    [InlineData("Größe", "Gr__e")]
    public void RootNamespaceBecomesValid(string root, string expected)
    {
        using var project = new GeneratorHarness();
        project.Property("RootNamespace", root);
        project.Model("digits.onnx", GeneratorHarness.SmallModel());
        project.Run().Sources.Keys.ShouldContain($"{expected}.Digits.g.cs");
    }

    [Theory]
    [InlineData("Dimensions", "batch")]
    [InlineData("Dimensions", "batch=-1")]
    [InlineData("Dimensions", "batch=1;batch=2")]
    [InlineData("Isa", "x87")]
    [InlineData("ClassName", "class")]
    [InlineData("ClassName", "A.B")]
    [InlineData("Namespace", "A..B")]
    [InlineData("Accessibility", "private")]
    [InlineData("InlineWeightLimit", "64 KiB")]
    public void MalformedOptionIsAnErrorAtTheModel(string key, string value)
    {
        using var project = new GeneratorHarness();
        string path = project.Model("digits.onnx", GeneratorHarness.SmallModel(), (key, value));
        Diagnostic diagnostic = project.Run().Result.Diagnostics.ShouldHaveSingleItem();
        diagnostic.Id.ShouldBe("AOTC0401");
        diagnostic.Severity.ShouldBe(DiagnosticSeverity.Error);
        diagnostic.Location.GetLineSpan().Path.ShouldBe(path);
        project.Sources.ShouldBeEmpty();
    }

    [Fact]
    public void EscapedDimensionsAreUnderstood()
    {
        using var project = new GeneratorHarness();
        byte[] model = new ModelBuilder().Input("x", OnnxDataType.Float, ["batch#1", "seq"]).Node("Relu", ["x"], ["y"]).Output("y").ToBytes();
        project.Model("free.onnx", model, ("Dimensions", "cut off by the editor config"), ("AotCompilerDimensions", Uri.EscapeDataString("batch#1=2;seq=7")));
        project.Run().Sources["Free.g.cs"].ShouldContain("f32 [2, 7]");
    }

    [Fact]
    public void FreeBatchIsAnInformation()
    {
        using var project = new GeneratorHarness();
        project.Model("free.onnx", new ModelBuilder().Input("x", OnnxDataType.Float, ["batch", 3]).Node("Relu", ["x"], ["y"]).Output("y").ToBytes());
        Diagnostic diagnostic = project.Run().Result.Diagnostics.ShouldHaveSingleItem();
        diagnostic.Id.ShouldBe("AOTC0103");
        diagnostic.Severity.ShouldBe(DiagnosticSeverity.Info);
        project.Sources.ShouldNotBeEmpty();
    }

    [Theory]
    [InlineData("digits.onnx", "sub/digits.onnx")]
    [InlineData("digits.onnx", "DIGITS-.onnx")]
    public void TwoModelsOfOneClassNameAreErrors(string first, string second)
    {
        using var project = new GeneratorHarness();
        project.Model(first, GeneratorHarness.SmallModel());
        project.Model(second, GeneratorHarness.SmallModel(2f));
        project.Model("fine.onnx", GeneratorHarness.SmallModel(3f));
        project.Run().DiagnosticIds.ShouldBe(["AOTC0404", "AOTC0404"]);
        project.Result.Exception.ShouldBeNull();
        project.Sources.Keys.ShouldContain("Fine.g.cs");
        project.Sources.Keys.ShouldNotContain("Digits.g.cs");
    }

    [Fact]
    public void ClassNameOfAMemberGetsASuffix()
    {
        using var project = new GeneratorHarness();
        project.Model("run.onnx", GeneratorHarness.SmallModel());
        project.Run().Sources["RunModel.g.cs"].ShouldContain("class RunModel");
    }

    [Fact]
    public void BrokenFilesAreDiagnosticsNeverAnException()
    {
        using var project = new GeneratorHarness();
        byte[] good = GeneratorHarness.SmallModel();
        project.Model("empty.onnx", []);
        project.Model("short.onnx", good[..(good.Length / 2)]);
        project.Model("noise.onnx", Enumerable.Range(0, 4096).Select(static i => (byte)(i * 31 / 7)).ToArray());
        project.Model("unknown.onnx", new ModelBuilder().Input("x", OnnxDataType.Float, 4).Node("Frobnicate", ["x"], ["y"]).Output("y").ToBytes());
        File.Delete(project.Model("gone.onnx", good));
        project.Model("good.onnx", good);
        project.Run().Result.Exception.ShouldBeNull();
        project.Result.Diagnostics.Length.ShouldBe(5);
        project.Result.Diagnostics.ShouldAllBe(static d => d.Severity == DiagnosticSeverity.Error && d.Id.StartsWith("AOTC0", StringComparison.Ordinal));
        project.DiagnosticIds.ShouldNotContain("AOTC0901");
        project.Sources.Keys.ShouldContain("Good.g.cs");
    }

    [Fact]
    public void CancellationEndsTheRun()
    {
        using var project = new GeneratorHarness();
        project.Model("digits.onnx", GeneratorHarness.SmallModel());
        using var source = new CancellationTokenSource();
        source.Cancel();
        Should.Throw<OperationCanceledException>(() => project.Run(source.Token));
    }

    [Fact]
    public void PendingWeightsLeaveCodeThatCompilesWithoutThem()
    {
        using var project = new GeneratorHarness();
        project.Model("digits.onnx", GeneratorHarness.SmallModel(), ("InlineWeightLimit", "0"), ("AotCompilerWeightsPending", "true"));
        project.Run().Sources["Digits.g.cs"].ShouldNotContain("AotCompiler.Weights");
        project.Metadata("digits.onnx", ("InlineWeightLimit", "0"));
        project.Run().Sources["Digits.g.cs"].ShouldContain("global::AotCompiler.Weights.Digits.Data");
    }

    [Fact]
    public void OutputIsTheSameTwiceElsewhereAndInAnotherCulture()
    {
        string Generate(string folder, CultureInfo culture)
        {
            CultureInfo previous = CultureInfo.CurrentCulture;
            CultureInfo.CurrentCulture = culture;
            try
            {
                using var project = new GeneratorHarness();
                project.Model($"{folder}/digits.onnx", GeneratorHarness.SmallModel());
                project.Property("RootNamespace", "App");
                project.Run().DiagnosticIds.ShouldBeEmpty();
                return string.Join("\n====\n", project.Sources.OrderBy(static s => s.Key, StringComparer.Ordinal).Select(static s => $"{s.Key}\n{s.Value}"));
            }
            finally
            {
                CultureInfo.CurrentCulture = previous;
            }
        }

        var odd = (CultureInfo)CultureInfo.InvariantCulture.Clone();
        odd.NumberFormat.NumberDecimalSeparator = ",";
        odd.NumberFormat.NumberGroupSeparator = ".";
        odd.NumberFormat.NegativeSign = "\u2212";
        string first = Generate("one", CultureInfo.InvariantCulture);
        Generate("one", CultureInfo.InvariantCulture).ShouldBe(first);
        Generate("another/folder", CultureInfo.InvariantCulture).ShouldBe(first);
        Generate("one", odd).ShouldBe(first);
        first.ShouldNotContain(Path.GetTempPath());
    }
}
