using System;
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
        foreach (string function in new[] { "run", "info", "error" })
        {
            symbols.Defined.ShouldContain($"{prefix}mlp_{function}");
        }

        if (target.Format == ObjectFormat.Coff)
        {
            symbols.Defined.Count.ShouldBe(3);
        }
    }

    [Fact]
    public void Damaged_objects_are_refused_and_nothing_else_happens()
    {
        using FreestandingModel model = FreestandingModel.Build("mlp", FreestandingTarget.TryParse("linux-x64")!, "x86-64-v3");
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

            ReadOnlyMemory<byte> damaged = bytes.AsMemory(0, random.Next(4) == 0 ? random.Next(bytes.Length) : bytes.Length);
            try
            {
                ElfReader.Read(damaged);
            }
            catch (ObjectFormatException)
            {
                // Damage that matters is told.
            }
        }
    }
}
