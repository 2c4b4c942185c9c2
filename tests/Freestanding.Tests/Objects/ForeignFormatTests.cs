using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using AotCompiler.Cli.Native.Freestanding;
using AotCompiler.Freestanding.Objects;
using AotCompiler.Freestanding.Objects.Coff;
using AotCompiler.Freestanding.Objects.Elf;
using AotCompiler.Freestanding.Objects.MachO;
using AotCompiler.Freestanding.Targets;
using AotCompiler.Freestanding.Tests.Support;
using Shouldly;

namespace AotCompiler.Freestanding.Tests.Objects;

/// <summary>Objects of systems that cannot be run here: their structure is read whole.</summary>
public sealed class ForeignFormatTests
{
    [Theory]
    [InlineData("win-x64", "x86-64-v3", "")]
    [InlineData("win-arm64", "armv8-a", "")]
    [InlineData("osx-x64", "x86-64-v3", "_")]
    [InlineData("osx-arm64", "armv8.2-a+dotprod", "_")]
    public void Exports_the_functions_and_needs_nothing(string name, string set, string prefix)
    {
        FreestandingTarget target = FreestandingTarget.TryParse(name)!;
        using FreestandingModel model = FreestandingModel.Build("mlp", target, set, FreestandingKind.Object);
        ObjectSymbols symbols = target.Format == ObjectFormat.Coff ? CoffObject.Read(model.Output.Bytes) : MachOObject.Read(model.Output.Bytes);
        symbols.Architecture.ShouldBe(target.Architecture);
        symbols.Undefined.ShouldBeEmpty();
        symbols.Defined.Order(StringComparer.Ordinal).ShouldBe([$"{prefix}mlp_error", $"{prefix}mlp_info", $"{prefix}mlp_run"]);
    }

    [Theory]
    [InlineData("win-x64", "x86-64-v3")]
    [InlineData("win-arm64", "armv8-a")]
    [InlineData("osx-x64", "x86-64-v4")]
    [InlineData("osx-arm64", "armv8.2-a+dotprod")]
    public void Quantised_models_build(string name, string set) =>
        FreestandingModel.Build("quantized", FreestandingTarget.TryParse(name)!, set).Dispose();

    [ToolTheory("ld64.lld")]
    [InlineData("osx-x64", "x86-64-v3", "x86_64")]
    [InlineData("osx-arm64", "armv8.2-a+dotprod", "arm64")]
    public void Two_models_are_linked_into_one_library_of_macOS(string name, string set, string architecture)
    {
        using FreestandingModel first = Build("mlp", name, set);
        using FreestandingModel second = Build("matrices", name, set);
        Tool.Run(first.Folder, Tool.Find("ld64.lld")!, ["-arch", architecture, "-platform_version", "macos", "12.0", "12.0", "-dylib", "-o", "both.dylib", first.Output.FileName, Path.Combine(second.Folder, second.Output.FileName)]);
        new FileInfo(Path.Combine(first.Folder, "both.dylib")).Length.ShouldBeGreaterThan(first.Output.Bytes.Length);
    }

    [ToolTheory("lld-link")]
    [InlineData("win-x64", "x86-64-v3")]
    [InlineData("win-arm64", "armv8-a")]
    public void Two_models_are_linked_into_one_library_of_Windows(string name, string set)
    {
        using FreestandingModel first = Build("mlp", name, set);
        using FreestandingModel second = Build("matrices", name, set);
        Tool.Run(first.Folder, Tool.Find("lld-link")!, ["/dll", "/noentry", "/export:mlp_run", "/export:matrices_run", "/out:both.dll", first.Output.FileName, Path.Combine(second.Folder, second.Output.FileName)]);
        new FileInfo(Path.Combine(first.Folder, "both.dll")).Length.ShouldBeGreaterThan(first.Output.Bytes.Length);
    }

    private static FreestandingModel Build(string model, string target, string set) => FreestandingModel.Build(model, FreestandingTarget.TryParse(target)!, set);

    [Theory]
    [InlineData("linux-x64", "x86-64-v3")]
    [InlineData("win-x64", "x86-64-v3")]
    [InlineData("osx-arm64", "armv8-a")]
    public void Damaged_objects_are_refused_and_nothing_else_happens(string name, string set)
    {
        using FreestandingModel model = Build("mlp", name, set);
        Action<byte[]> read = model.Output.Target.Format switch
        {
            ObjectFormat.Elf => static bytes => ElfReader.Read(bytes),
            ObjectFormat.Coff => static bytes => CoffObject.Localise(bytes, new HashSet<string>()),
            _ => static bytes => MachOObject.Reduce(bytes, new HashSet<string>()),
        };
        var random = new Random(1);
        for (int i = 0; i < 2000; i++)
        {
            byte[] bytes = model.Output.Bytes.ToArray();
            int edits = random.Next(1, 8);
            for (int k = 0; k < edits; k++)
            {
                int at = random.Next(3) == 0 ? random.Next(64) : random.Next(bytes.Length * 7 / 8, bytes.Length);
                bytes[at] = (byte)random.Next(256);
            }

            try
            {
                read(random.Next(4) == 0 ? bytes[..random.Next(bytes.Length)] : bytes);
            }
            catch (ObjectFormatException)
            {
                // Damage that matters is told.
            }
        }
    }
}
