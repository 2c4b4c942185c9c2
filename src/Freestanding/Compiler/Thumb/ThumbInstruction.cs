using System;
using System.Buffers.Binary;

namespace AotCompiler.Freestanding.Thumb;

/// <summary>An instruction of 32-bit Arm processors in Thumb state, of 16 or 32 bits.</summary>
/// <param name="first">First half-word.</param>
/// <param name="second">Second half-word; 0 if there is none.</param>
/// <remarks>Arm Architecture Reference Manual, ARMv7-M, chapters A5 and A7.</remarks>
internal readonly struct ThumbInstruction(ushort first, ushort second)
{
    /// <summary>Reads the instruction at an offset.</summary>
    public static ThumbInstruction Read(ReadOnlySpan<byte> code, int offset)
    {
        ushort first = BinaryPrimitives.ReadUInt16LittleEndian(code[offset..]);
        bool isWide = IsWide(first) && code.Length - offset >= 4;
        return new ThumbInstruction(first, isWide ? BinaryPrimitives.ReadUInt16LittleEndian(code[(offset + 2)..]) : (ushort)0);
    }

    /// <summary>Bytes.</summary>
    public int Size => IsWide(first) ? 4 : 2;

    /// <summary>
    /// True if floating-point units of single precision (FPv4-SP) do not have it. They load, store and move 64-bit registers, as
    /// functions do that save some; they do not compute with them, nor copy one to another. The conversion from 32 bits is
    /// encoded among the instructions of single precision.
    /// </summary>
    public bool NeedsDoublePrecision =>
        ((first & 0xEF00) == 0xEE00 && (second & 0x0F10) == 0x0B00) || ((first & 0xFFBF) == 0xEEB7 && (second & 0x0FD0) == 0x0AC0);

    /// <summary>The number and its register if this is MOVW (the lower half) or MOVT (the upper half); null otherwise.</summary>
    public (int Register, uint Value)? Half(bool upper) => (first & 0xFBF0) == (upper ? 0xF2C0 : 0xF240) && (second & 0x8000) == 0
        ? (((second >> 8) & 15), (uint)(((first & 15) << 12) | ((first & 0x0400) << 1) | ((second & 0x7000) >> 4) | (second & 0xFF)))
        : null;

    /// <summary>True if this adds the program counter to a register.</summary>
    public bool AddsProgramCounter(int register) => (first & 0xFF78) == 0x4478 && (((first & 0x80) >> 4) | (first & 7)) == register;

    /// <summary>Distance to the target from the next-but-one half-word pair (the program counter, 4 bytes ahead), if this is BL or B with 24 bits.</summary>
    public int? BranchDistance
    {
        get
        {
            if ((first & 0xF800) != 0xF000 || (second & 0x9000) != 0x9000)
            {
                return null;
            }

            int sign = (first >> 10) & 1;
            int bit23 = ~(((second >> 13) & 1) ^ sign) & 1;
            int bit22 = ~(((second >> 11) & 1) ^ sign) & 1;
            return (-sign << 24) | (bit23 << 23) | (bit22 << 22) | ((first & 0x3FF) << 12) | ((second & 0x7FF) << 1);
        }
    }

    private static bool IsWide(ushort half) => half >= 0xE800;
}
