using System;
using AotCompiler.Diagnostics;
using AotCompiler.Freestanding.Objects.Elf;
using AotCompiler.Freestanding.Targets;
using AotCompiler.Freestanding.Tests.Support;
using AotCompiler.Freestanding.Thumb;
using Shouldly;

namespace AotCompiler.Freestanding.Tests.Models;

/// <summary>Code for processors without 64-bit floats has none, or is refused where it is built.</summary>
public sealed class DoublePrecisionTests
{
    private static readonly FreestandingTarget _board = FreestandingTarget.TryParse("none-armv7em")!;

    [Fact]
    public void Refuses_a_step_that_computes_in_64_bits_inside()
    {
        ModelException error = Should.Throw<ModelException>(() => FreestandingModel.Build("elementwise", _board, "armv7").Dispose());
        error.Diagnostic.Code.ShouldBe(DiagnosticCodes.FreestandingUnsupported);
        error.Message.ShouldContain("'Pow' node");
        error.Message.ShouldContain("has no code for none-armv7em");
        error.Message.ShouldContain("Compute in 32-bit floats");
        error.Message.ShouldNotContain("--kind shared");
    }

    [Fact]
    public void Allows_it_on_processors_that_have_them() =>
        FreestandingModel.Build("elementwise", FreestandingTarget.TryParse("linux-arm")!, "armv7").Dispose();

    [Theory]
    [InlineData("80EE 000B", true, "vdiv.f64 d0, d0, d0")]
    [InlineData("35EE 044B", true, "vadd.f64 d4, d5, d4")]
    [InlineData("B0EE 410B", true, "vmov.f64 d0, d1")]
    [InlineData("B4EE 410B", true, "vcmp.f64 d0, d1")]
    [InlineData("B7EE C11A", true, "vcvt.f64.f32 d1, s2")]
    [InlineData("B7EE C04B", true, "vcvt.f32.f64 s8, d0")]
    [InlineData("F7EE C11A", true, "vcvt.f64.f32 d17, s2")]
    [InlineData("B8EE C00B", true, "vcvt.f64.s32 d0, s0")]
    [InlineData("84EE 844A", false, "vdiv.f32 s8, s9, s8")]
    [InlineData("B8EE C00A", false, "vcvt.f32.s32 s0, s0")]
    [InlineData("B3EE 400A", false, "vcvtb.f16.f32 s0, s0")]
    [InlineData("2DED 028B", false, "vpush {d8}")]
    [InlineData("8DED 001B", false, "vstr d1, [sp]")]
    [InlineData("41EC 300B", false, "vmov d16, r0, r1")]
    [InlineData("04EE 903A", false, "vmov s9, r3")]
    public void Knows_the_instructions(string bytes, bool isDouble, string instruction) =>
        (DoublePrecision.Find(Code(Bytes(bytes)), ["run"]) is not null).ShouldBe(isDouble, instruction);

    [Fact]
    public void Follows_calls_and_addresses()
    {
        // run: movw r3, #8; movt r3, #0; add r3, pc; bx r3; nop. callee (at 20): bl next (at 24). next: vadd.f64 d4, d5, d4.
        byte[] code = Bytes("40F2 0903 C0F2 0003 7B44 1847 00BF 00BF 00BF 00BF 00F0 00F8 35EE 044B");
        DoublePrecision.Find(Code(code, ("next", 24, 4), ("callee", 20, 4), ("run", 0, 12)), ["run"]).ShouldBe(["run", "callee", "next"]);
        DoublePrecision.Find(Code(code, ("next", 24, 4), ("other", 20, 2), ("run", 0, 8)), ["run"]).ShouldBeNull();
    }

    private static byte[] Bytes(string text) => Convert.FromHexString(text.Replace(" ", string.Empty, StringComparison.Ordinal));

    private static ElfObject Code(byte[] code, params (string Name, int At, int Size)[] functions)
    {
        var result = new ElfObject(ElfMachine.Arm, flags: 0);
        var section = new ElfSection(".text", ElfSectionType.ProgramBits, ElfSectionFlags.Alloc | ElfSectionFlags.Execute, 4, code);
        result.Sections.Add(section);
        foreach ((string name, int at, int size) in functions.Length > 0 ? functions : [("run", 0, code.Length)])
        {
            result.Symbols.Add(new ElfSymbol { Name = name, Section = section, Value = (ulong)at | 1, Size = (ulong)size, Type = ElfSymbolType.Function });
        }

        return result;
    }
}
