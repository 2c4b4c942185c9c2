using AotCompiler.Freestanding.Objects.Elf;

namespace AotCompiler.Freestanding.Dispatch;

/// <summary>
/// The value that functions with buffers on the stack put behind them, to find it unchanged before they return. A runtime makes it
/// random; the buffers here have constant sizes and are indexed by constants, so that a fixed one does.
/// </summary>
public static class StackGuard
{
    /// <summary>Name of the value.</summary>
    public const string Symbol = "__security_cookie";

    /// <summary>The object with the value. On 32-bit Arm the compiler takes the address for one of code.</summary>
    public static ElfObject Create(ElfMachine machine, uint flags)
    {
        bool isCode = machine == ElfMachine.Arm;
        ElfSection section = isCode
            ? new ElfSection(".text", ElfSectionType.ProgramBits, ElfSectionFlags.Alloc | ElfSectionFlags.Execute, 4, new byte[] { 0x70, 0x47, 0x00, 0xBF })
            : new ElfSection(".rodata", ElfSectionType.ProgramBits, ElfSectionFlags.Alloc, 8, new byte[] { 0x21, 0x84, 0xC6, 0x3A, 0x5F, 0xE9, 0x0B, 0x00 });
        return ElfObject.Of(machine, flags, Symbol, isCode ? ElfSymbolType.Function : ElfSymbolType.Object, section);
    }
}
