using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Threading;
using AotCompiler.Compiler;
using AotCompiler.Emission;
using AotCompiler.Onnx;
using AotCompiler.Tests.Support;
using Shouldly;

namespace AotCompiler.Tests.Compiler;

/// <summary>The same model and options give the same bytes of C# and of weights, wherever and however they are compiled.</summary>
public class DeterminismTests
{
    public static TheoryData<string> Models => new(Repository.SmallModels);

    [Theory]
    [MemberData(nameof(Models))]
    public void Twice(string name) => Compile(Repository.SmallModel(name)).ShouldBe(Compile(Repository.SmallModel(name)));

    [Theory]
    [InlineData("mlp-large")]
    [InlineData("external-data")]
    public void From_another_folder(string name)
    {
        string copy = Directory.CreateTempSubdirectory("aotc other folder ").FullName;
        try
        {
            foreach (string file in Directory.EnumerateFiles(Path.GetDirectoryName(Repository.SmallModel(name))!))
            {
                File.Copy(file, Path.Combine(copy, Path.GetFileName(file)));
            }

            Compile(Path.Combine(copy, "model.onnx")).ShouldBe(Compile(Repository.SmallModel(name)));
        }
        finally
        {
            Directory.Delete(copy, recursive: true);
        }
    }

    [Theory]
    [MemberData(nameof(Models))]
    public void Under_another_culture(string name)
    {
        string expected = Compile(Repository.SmallModel(name));
        CultureInfo before = CultureInfo.CurrentCulture;
        try
        {
            CultureInfo.CurrentCulture = ForeignCulture();
            $"{-1234.5:N1}".ShouldBe("\u22121\u00a0234,5", "the culture must differ for the test to mean something");
            Compile(Repository.SmallModel(name)).ShouldBe(expected);
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    [Fact]
    public void On_several_threads()
    {
        string path = Repository.SmallModel("cnn-residual");
        string expected = Compile(path);
        var results = new string[4];
        Thread[] threads = Enumerable.Range(0, results.Length).Select(i => new Thread(() => results[i] = Compile(path))).ToArray();
        Array.ForEach(threads, static t => t.Start());
        Array.ForEach(threads, static t => t.Join());
        results.ShouldAllBe(text => text == expected);
    }

    [Fact]
    public void Generated_files_name_no_folder_and_no_time()
    {
        string text = Compile(Repository.SmallModel("mlp"));
        text.ShouldNotContain(Repository.Root);
        text.ShouldNotContain(DateTime.UtcNow.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));
    }

    /// <summary>Decimal comma, U+2212 for minus, no-break spaces between thousands, and the Turkish i.</summary>
    private static CultureInfo ForeignCulture()
    {
        var culture = (CultureInfo)CultureInfo.GetCultureInfo("tr-TR").Clone();
        culture.NumberFormat.NumberDecimalSeparator = ",";
        culture.NumberFormat.NumberGroupSeparator = "\u00a0";
        culture.NumberFormat.NegativeSign = "\u2212";
        return culture;
    }

    /// <summary>All generated files and the weights, as one text.</summary>
    private static string Compile(string path)
    {
        CompilationResult result = ModelCompiler.Compile(
            ModelFile.Read(path), ExternalDataSource.ForModel(path), new CompilerOptions { ModelName = "Model", Namespace = "Determinism" });
        result.Success.ShouldBeTrue(string.Join('\n', result.Diagnostics));
        IEnumerable<string> files = result.Sources.Select(static s => $"=== {s.HintName}\n{s.Text}");
        return string.Join('\n', files.Append(Convert.ToHexString(WeightBlobWriter.ToBytes(result.Plan!, CancellationToken.None))));
    }
}
