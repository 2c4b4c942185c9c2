using System.Collections.Generic;
using AotCompiler.Freestanding.Targets;

namespace AotCompiler.Freestanding.Tests.Support;

/// <summary>How programs for a target are linked and run here.</summary>
/// <param name="Target">The target.</param>
/// <param name="Compiler">C compiler that links for it.</param>
/// <param name="CompilerOptions">Its options.</param>
/// <param name="Emulator">What runs the program; null for the machine itself.</param>
internal sealed record Machine(FreestandingTarget Target, string Compiler, IReadOnlyList<string> CompilerOptions, string? Emulator)
{
    public static readonly Machine X64 = new(FreestandingTarget.TryParse("linux-x64")!, "gcc", [], null);

    public static readonly Machine Arm64 = new(FreestandingTarget.TryParse("linux-arm64")!, "aarch64-linux-gnu-gcc", [], "qemu-aarch64");

    public static readonly Machine CortexM4 = new(
        FreestandingTarget.TryParse("none-armv7em")!,
        "arm-none-eabi-gcc",
        ["-mcpu=cortex-m4", "-mthumb", "-mfloat-abi=hard", "-mfpu=fpv4-sp-d16", "-T", "cortex-m.ld"],
        "qemu-system-arm");

    public static readonly Machine Arm = new(FreestandingTarget.TryParse("linux-arm")!, "arm-linux-gnueabihf-gcc", ["-mthumb"], "qemu-arm");
}
