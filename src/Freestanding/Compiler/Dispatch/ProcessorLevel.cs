using System;
using System.Buffers.Binary;
using System.Linq;
using AotCompiler.Freestanding.Objects.Elf;

namespace AotCompiler.Freestanding.Dispatch;

/// <summary>
/// A function that tells which of the <see cref="Targets.InstructionSet.Level"/>s the processor has. It is machine code, because
/// no intrinsic reads the registers that say so: <c>processor-level.*.s</c> beside this file is its source.
/// </summary>
public static class ProcessorLevel
{
    /// <summary>Name of the function, without parameters, that returns an <c>int</c>.</summary>
    public const string Function = "aotc_processor_level";

    private const uint X64PcRelative = 2;
    private const uint Arm64PageRelative = 275;
    private const uint Arm64LoadStoreLow12 = 285;

    private static readonly byte[] _x64 =
    [
        0x8B, 0x05, 0x00, 0x00, 0x00, 0x00, 0x85, 0xC0, 0x0F, 0x85, 0xA7, 0x00, 0x00, 0x00, 0x53, 0x41,
        0xB8, 0x01, 0x00, 0x00, 0x00, 0x31, 0xC0, 0x0F, 0xA2, 0x41, 0x89, 0xC3, 0xB8, 0x01, 0x00, 0x00,
        0x00, 0x0F, 0xA2, 0x89, 0xCE, 0xB8, 0x01, 0x00, 0x00, 0x80, 0x0F, 0xA2, 0x89, 0xCF, 0x89, 0xF0,
        0x25, 0x01, 0x22, 0x98, 0x00, 0x3D, 0x01, 0x22, 0x98, 0x00, 0x75, 0x6E, 0x40, 0xF6, 0xC7, 0x01,
        0x74, 0x68, 0x41, 0xFF, 0xC0, 0x89, 0xF0, 0x25, 0x00, 0x10, 0x40, 0x38, 0x3D, 0x00, 0x10, 0x40,
        0x38, 0x75, 0x57, 0x40, 0xF6, 0xC7, 0x20, 0x74, 0x51, 0x41, 0x83, 0xFB, 0x07, 0x72, 0x4B, 0xB8,
        0x07, 0x00, 0x00, 0x00, 0x31, 0xC9, 0x0F, 0xA2, 0x31, 0xC9, 0x0F, 0x01, 0xD0, 0x41, 0x89, 0xC2,
        0x83, 0xE0, 0x06, 0x83, 0xF8, 0x06, 0x75, 0x32, 0x89, 0xD8, 0x25, 0x28, 0x01, 0x00, 0x00, 0x3D,
        0x28, 0x01, 0x00, 0x00, 0x75, 0x24, 0x41, 0xFF, 0xC0, 0x41, 0x81, 0xE2, 0xE6, 0x00, 0x00, 0x00,
        0x41, 0x81, 0xFA, 0xE6, 0x00, 0x00, 0x00, 0x75, 0x11, 0x81, 0xE3, 0x00, 0x00, 0x03, 0xD0, 0x81,
        0xFB, 0x00, 0x00, 0x03, 0xD0, 0x75, 0x03, 0x41, 0xFF, 0xC0, 0x44, 0x89, 0x05, 0x00, 0x00, 0x00,
        0x00, 0x44, 0x89, 0xC0, 0x5B, 0xFF, 0xC8, 0xC3,
    ];

    private static readonly uint[] _arm64 =
    [
        0x90000001, 0xB9400020, 0x350000E0, 0xD5380600, 0xD36CBC00, 0xF100001F,
        0x1A9F07E0, 0x11000800, 0xB9000020, 0x51000400, 0xD65F03C0,
    ];

    /// <summary>True if code for a processor can choose between instruction sets.</summary>
    public static bool IsKnown(ElfMachine machine) => machine is ElfMachine.X64 or ElfMachine.Arm64;

    /// <summary>The object with the function.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is none for the processor.</exception>
    public static ElfObject Create(ElfMachine machine) => machine switch
    {
        ElfMachine.X64 => Create(machine, _x64, 1, [(0x02, X64PcRelative, -4), (0xAD, X64PcRelative, -4)]),
        ElfMachine.Arm64 => Create(machine, Bytes(_arm64), 4, [(0, Arm64PageRelative, 0), (4, Arm64LoadStoreLow12, 0), (0x20, Arm64LoadStoreLow12, 0)]),
        _ => throw new ArgumentOutOfRangeException(nameof(machine)),
    };

    private static ElfObject Create(ElfMachine machine, byte[] code, ulong alignment, (ulong Offset, uint Type, long Addend)[] uses)
    {
        var result = new ElfObject(machine, flags: 0);
        var text = new ElfSection(".text", ElfSectionType.ProgramBits, ElfSectionFlags.Alloc | ElfSectionFlags.Execute, alignment, code);
        var found = new ElfSection(".bss", ElfSectionType.NoBits, ElfSectionFlags.Alloc | ElfSectionFlags.Write, 4, default) { Size = 4 };
        var variable = new ElfSymbol { Name = Function + "_found", Section = found, Size = 4, Type = ElfSymbolType.Object };
        text.Relocations.AddRange(uses.Select(u => new ElfRelocation(u.Offset, u.Type, variable, u.Addend)));
        result.Sections.Add(text);
        result.Sections.Add(found);
        result.Symbols.Add(variable);
        result.Symbols.Add(new ElfSymbol { Name = Function, Section = text, Size = (ulong)code.Length, Type = ElfSymbolType.Function, Binding = ElfBinding.Global });
        return result;
    }

    private static byte[] Bytes(uint[] words)
    {
        var bytes = new byte[words.Length * sizeof(uint)];
        for (int i = 0; i < words.Length; i++)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(i * sizeof(uint)), words[i]);
        }

        return bytes;
    }
}
