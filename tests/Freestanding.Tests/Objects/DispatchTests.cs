using System;
using System.IO;
using System.Linq;
using System.Text;
using AotCompiler.Cli.Native.Freestanding;
using AotCompiler.Cli.Tests.Support;
using AotCompiler.Compiler;
using AotCompiler.Freestanding.Dispatch;
using AotCompiler.Freestanding.Objects.Elf;
using AotCompiler.Freestanding.Tests.Support;
using Shouldly;

namespace AotCompiler.Freestanding.Tests.Objects;

/// <summary>Libraries that choose among instruction sets when they run.</summary>
public sealed class DispatchTests
{
    [ToolTheory("gcc", "aarch64-linux-gnu-gcc", "objcopy", "aarch64-linux-gnu-objcopy")]
    [InlineData("x64", "")]
    [InlineData("arm64", "aarch64-linux-gnu-")]
    public void The_bytes_are_those_of_the_assembly_source(string name, string prefix)
    {
        string folder = Directory.CreateTempSubdirectory("aotc-test-").FullName;
        string source = Path.Combine(Repository.Root, "src", "Freestanding", "Compiler", "Dispatch", $"processor-level.{name}.s");
        Tool.Run(folder, prefix + "gcc", ["-c", source, "-o", "level.o"]);
        Tool.Run(folder, prefix + "objcopy", ["-O", "binary", "-j", ".text", "level.o", "level.bin"]);
        ElfMachine machine = name == "x64" ? ElfMachine.X64 : ElfMachine.Arm64;
        ProcessorLevel.Create(machine).Sections[0].Data.ToArray().ShouldBe(File.ReadAllBytes(Path.Combine(folder, "level.bin")));
        Directory.Delete(folder, recursive: true);
    }

    [ToolTheory("gcc", "arm-linux-gnueabihf-gcc", "objcopy", "arm-linux-gnueabihf-objcopy")]
    [InlineData("x64", "")]
    [InlineData("arm", "arm-linux-gnueabihf-")]
    public void So_are_those_that_touch_the_stack(string name, string prefix)
    {
        string folder = Directory.CreateTempSubdirectory("aotc-test-").FullName;
        string source = Path.Combine(Repository.Root, "src", "Freestanding", "Compiler", "Dispatch", $"stack-probe.{name}.s");
        Tool.Run(folder, prefix + "gcc", ["-c", source, "-o", "probe.o"]);
        Tool.Run(folder, prefix + "objcopy", ["-O", "binary", "-j", ".text", "probe.o", "probe.bin"]);
        ElfObject probe = StackProbe.Create(name == "x64" ? ElfMachine.X64 : ElfMachine.Arm, flags: 0, grows: true);
        probe.Sections[0].Data.ToArray().ShouldBe(File.ReadAllBytes(Path.Combine(folder, "probe.bin")));
        Directory.Delete(folder, recursive: true);
    }

    [ToolTheory("gcc", "nm")]
    [InlineData("digits")]
    [InlineData("quantized")]
    public void Chooses_on_this_machine_and_needs_no_symbol(string name)
    {
        using FreestandingModel model = FreestandingModel.Build(name, Machine.X64.Target, "x86-64-v2,x86-64-v3,x86-64-v4", FreestandingKind.Static);
        byte[] expected = FreestandingModel.RunJit(TestModels.Read(name), TestModels.Options(name), out byte[] inputs);
        model.Run(Machine.X64, inputs).ShouldBeNear(expected);
        Encoding.UTF8.GetString(Tool.Run(model.Folder, "nm", ["-u", model.Output.FileName])).Split('\n').ShouldNotContain(static l => l.Contains(" U "));
    }

    [ToolTheory("gcc", "qemu-x86_64")]
    [InlineData("Nehalem")]
    [InlineData("Haswell")]
    public void Chooses_on_older_processors(string processor)
    {
        using FreestandingModel model = FreestandingModel.Build("digits", Machine.X64.Target, "x86-64-v2,x86-64-v3,x86-64-v4");
        byte[] expected = FreestandingModel.RunJit(TestModels.Read("digits"), TestModels.Options("digits"), out byte[] inputs);
        model.Link(Machine.X64);
        Tool.Run(model.Folder, "qemu-x86_64", ["-cpu", processor, "./program"], inputs).ShouldBeNear(expected);
    }

    [ToolTheory("aarch64-linux-gnu-gcc", "qemu-aarch64")]
    [InlineData("cortex-a53")]
    [InlineData("max")]
    public void Chooses_on_64_bit_Arm(string processor)
    {
        using FreestandingModel model = FreestandingModel.Build("digits", Machine.Arm64.Target, "armv8-a,armv8.2-a+dotprod");
        byte[] expected = FreestandingModel.RunJit(TestModels.Read("digits"), TestModels.Options("digits"), out byte[] inputs);
        model.Link(Machine.Arm64);
        Tool.Run(model.Folder, "qemu-aarch64", ["-cpu", processor, "./program"], inputs).ShouldBeNear(expected);
    }
}
