using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using AotCompiler.Cli.CommandLine;
using AotCompiler.Freestanding.Tests.Support;
using Shouldly;

namespace AotCompiler.Freestanding.Tests.Objects;

/// <summary>The same model gives the same bytes, wherever it lies and is built.</summary>
public sealed class ReproducibilityTests
{
    [Theory]
    [InlineData("static", "linux-x64")]
    [InlineData("object", "linux-x64")]
    [InlineData("static", "linux-arm64")]
    [InlineData("static", "none-armv7em")]
    [InlineData("object", "win-x64")]
    [InlineData("static", "osx-arm64")]
    public void Another_folder_gives_the_same_bytes(string kind, string target) => Check(kind, target);

    [ToolFact("cc")]
    public void Another_folder_gives_the_same_shared_library() => Check("shared", "linux-x64");

    private static void Check(string kind, string target)
    {
        string folder = Directory.CreateTempSubdirectory("aotc-test-").FullName;
        try
        {
            string here = Build(TestModels.Path("digits"), Path.Combine(folder, "here"), kind, target);
            string elsewhere = Directory.CreateDirectory(Path.Combine(folder, "a deeper", "folder", "elsewhere")).FullName;
            File.Copy(TestModels.Path("digits"), Path.Combine(elsewhere, "digits.onnx"));
            string there = Build(Path.Combine(elsewhere, "digits.onnx"), Path.Combine(elsewhere, "out"), kind, target, "--keep", Path.Combine(elsewhere, "work"));
            string[] files = Files(here);
            files.Length.ShouldBe(5);
            files.ShouldBe(Files(there));
            files.Where(file => !File.ReadAllBytes(Path.Combine(here, file)).AsSpan().SequenceEqual(File.ReadAllBytes(Path.Combine(there, file)))).ShouldBeEmpty();
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static string Build(string model, string folder, string kind, string target, params string[] more)
    {
        var output = new StringWriter();
        Application.Run(["build", model, "-o", folder, "--kind", kind, "--target", target, "--runtime", "none", .. more], new Terminal(output, output)).ShouldBe(0, output.ToString());
        return folder;
    }

    private static string[] Files(string folder) => Directory.GetFiles(folder, "*", SearchOption.AllDirectories)
        .Select(file => Path.GetRelativePath(folder, file))
        .Order(StringComparer.Ordinal)
        .ToArray();
}
