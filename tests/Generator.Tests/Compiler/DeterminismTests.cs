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
    public static TheoryData<string> Models => new(SmallModels.All);

    [Theory]
    [MemberData(nameof(Models))]
    public void Twice(string name) => Compile(name).ShouldBe(Compile(name));

    [Theory]
    [InlineData("mlp-large")]
    [InlineData("external-data")]
    public void From_another_folder(string name)
    {
        string copy = Directory.CreateTempSubdirectory("aotc other folder ").FullName;
        try
        {
            foreach (string file in Directory.EnumerateFiles(Path.GetDirectoryName(SmallModels.PathOf(name))!))
            {
                File.Copy(file, Path.Combine(copy, Path.GetFileName(file)));
            }

            Compile(name, Path.Combine(copy, "model.onnx")).ShouldBe(Compile(name));
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
        string expected = Compile(name);
        CultureInfo before = CultureInfo.CurrentCulture;
        try
        {
            CultureInfo.CurrentCulture = ForeignCulture();
            $"{-1234.5:N1}".ShouldBe("\u22121\u00a0234,5", "the culture must differ for the test to mean something");
            Compile(name).ShouldBe(expected);
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    [Fact]
    public void On_several_threads()
    {
        string expected = Compile("cnn-residual");
        var results = new string[4];
        Thread[] threads = Enumerable.Range(0, results.Length).Select(i => new Thread(() => results[i] = Compile("cnn-residual"))).ToArray();
        Array.ForEach(threads, static t => t.Start());
        Array.ForEach(threads, static t => t.Join());
        results.ShouldAllBe(text => text == expected);
    }

    [Fact]
    public void Generated_files_name_no_folder_and_no_time()
    {
        string text = Compile("mlp");
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
    private static string Compile(string name, string? path = null)
    {
        path ??= SmallModels.PathOf(name);
        CompilationResult result = ModelCompiler.Compile(
            ModelFile.Read(path), ExternalDataSource.ForModel(path), SmallModels.OptionsOf(name) with { Namespace = "Determinism" });
        result.Success.ShouldBeTrue(string.Join('\n', result.Diagnostics));
        IEnumerable<string> files = result.Sources.Select(static s => $"=== {s.HintName}\n{s.Text}");
        return string.Join('\n', files.Append(Convert.ToHexString(WeightBlobWriter.ToBytes(result.Plan!, CancellationToken.None))));
    }
}
