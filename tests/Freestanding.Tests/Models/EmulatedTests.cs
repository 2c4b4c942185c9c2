using AotCompiler.Compiler;
using AotCompiler.Freestanding.Tests.Support;
using Shouldly;

namespace AotCompiler.Freestanding.Tests.Models;

/// <summary>Code for other processors, run by emulators on Linux's system calls alone.</summary>
public sealed class EmulatedTests
{
    [ToolTheory("aarch64-linux-gnu-gcc", "qemu-aarch64")]
    [InlineData("digits", "armv8-a")]
    [InlineData("digits", "armv8.2-a+dotprod")]
    [InlineData("mlp", "armv8-a")]
    [InlineData("cnn-residual", "armv8-a")]
    [InlineData("attention", "armv8-a")]
    [InlineData("quantized", "armv8-a")]
    [InlineData("quantized", "armv8.2-a+dotprod")]
    [InlineData("float16", "armv8-a")]
    [InlineData("bfloat16", "armv8-a")]
    [InlineData("float8", "armv8-a")]
    [InlineData("int4", "armv8-a")]
    [InlineData("element-types", "armv8-a")]
    [InlineData("products", "armv8-a")]
    public void Runs_on_64_bit_Arm(string name, string set) => Check(name, Machine.Arm64, set);

    [ToolFact("aarch64-linux-gnu-gcc", "qemu-aarch64")]
    public void Gives_the_bits_of_64_bit_floats_on_64_bit_Arm() => CheckBits("float64", Machine.Arm64, "armv8-a");

    [ToolFact("arm-linux-gnueabihf-gcc", "qemu-arm")]
    public void Gives_the_bits_of_64_bit_floats_on_32_bit_Arm() => CheckBits("float64", Machine.Arm, "armv7");

    [ToolTheory("arm-linux-gnueabihf-gcc", "qemu-arm")]
    [InlineData("digits")]
    [InlineData("mlp")]
    [InlineData("cnn-residual")]
    [InlineData("attention")]
    [InlineData("mobile-block")]
    [InlineData("activations")]
    [InlineData("quantized")]
    [InlineData("float16")]
    [InlineData("bfloat16")]
    [InlineData("float8")]
    [InlineData("int4")]
    [InlineData("element-types")]
    [InlineData("products")]
    public void Runs_on_32_bit_Arm(string name) => Check(name, Machine.Arm, "armv7");

    [ToolTheory("arm-none-eabi-gcc", "qemu-system-arm")]
    [InlineData("digits")]
    [InlineData("mlp")]
    [InlineData("attention")]
    public void Runs_on_a_board_without_an_operating_system(string name) => Check(name, Machine.CortexM4, "armv7");

    /// <summary>Functions of 64-bit floats are plain arithmetic, which is the same on all processors that take as many elements at a time.</summary>
    private static void CheckBits(string name, Machine machine, string set)
    {
        using FreestandingModel model = FreestandingModel.Build(name, machine.Target, set);
        byte[] expected = FreestandingModel.RunJit(TestModels.Read(name), TestModels.Options(name) with { Isa = TargetIsa.TryParse(set)! }, out byte[] inputs);
        model.Run(machine, inputs).ShouldBe(expected);
    }

    private static void Check(string name, Machine machine, string set)
    {
        using FreestandingModel model = FreestandingModel.Build(name, machine.Target, set);
        byte[] expected = FreestandingModel.RunJit(TestModels.Read(name), TestModels.Options(name), out byte[] inputs);
        model.Run(machine, inputs).ShouldBeNear(expected);
    }
}
