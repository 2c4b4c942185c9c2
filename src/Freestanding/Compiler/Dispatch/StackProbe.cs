using System;
using AotCompiler.Freestanding.Objects.Elf;

namespace AotCompiler.Freestanding.Dispatch;

/// <summary>
/// What functions with frames of several pages call before they lower the stack pointer: it touches one page after the other, so that
/// the operating system makes the stack grow. It is machine code, because it finds its argument where no function of C# has one and
/// must leave all registers as they are: <c>stack-probe.*.s</c> beside this file is its source. On 64-bit Arm such functions touch
/// the pages themselves.
/// </summary>
public static class StackProbe
{
    /// <summary>Name of the function.</summary>
    public const string Symbol = "RhpStackProbe";

    private static readonly byte[] _x64 =
    [
        0x55, 0x48, 0x89, 0xE5, 0x48, 0x81, 0xEC, 0x00, 0x10, 0x00, 0x00, 0x85, 0x04, 0x24, 0x4C, 0x39, 0xDC, 0x77, 0xF1, 0x48, 0x89, 0xEC, 0x5D, 0xC3,
    ];

    private static readonly byte[] _arm = [0x6D, 0x46, 0xAD, 0xF5, 0x80, 0x5D, 0x00, 0x95, 0xA5, 0x45, 0xFA, 0xD8, 0xAD, 0x46, 0x70, 0x47];

    /// <summary>BX LR.</summary>
    private static readonly byte[] _nothing = [0x70, 0x47];

    /// <summary>The object with the function.</summary>
    /// <param name="machine">The processor.</param>
    /// <param name="flags">Flags of the objects it is linked with.</param>
    /// <param name="grows">False without an operating system: the whole stack is there, and behind it something else.</param>
    /// <exception cref="ArgumentOutOfRangeException">Code for the processor needs none.</exception>
    public static ElfObject Create(ElfMachine machine, uint flags, bool grows)
    {
        byte[] code = machine switch
        {
            ElfMachine.X64 => _x64,
            ElfMachine.Arm => grows ? _arm : _nothing,
            _ => throw new ArgumentOutOfRangeException(nameof(machine)),
        };
        var text = new ElfSection(".text", ElfSectionType.ProgramBits, ElfSectionFlags.Alloc | ElfSectionFlags.Execute, machine == ElfMachine.Arm ? 2u : 1u, code);
        return ElfObject.Of(machine, flags, Symbol, ElfSymbolType.Function, text);
    }
}
