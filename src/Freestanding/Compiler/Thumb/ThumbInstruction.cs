using System;
using System.Buffers.Binary;
using System.Numerics;

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

    /// <summary>
    /// Bytes that are taken off the stack pointer: by PUSH, STMDB SP!, STR with write-back, VPUSH, or SUB of a constant; 0 for others.
    /// </summary>
    public int LoweredBytes
    {
        get
        {
            const int Word = 4;
            return (first & 0xFE00) == 0xB400 ? Word * BitOperations.PopCount((uint)(first & 0x1FF))
                : (first & 0xFF80) == 0xB080 ? Word * (first & 0x7F)
                : first == 0xE92D ? Word * BitOperations.PopCount(second)
                : (first & 0xFFBF) == 0xED2D && (second & 0x0E00) == 0x0A00 ? Word * (second & 0xFF)
                : first == 0xF84D && (second & 0x0FFF) == 0x0D04 ? Word
                : (first & 0xFBEF) == 0xF1AD && (second & 0x8F00) == 0x0D00 ? Expanded
                : (first & 0xFBFF) == 0xF2AD && (second & 0x8F00) == 0x0D00 ? PlainConstant
                : 0;
        }
    }

    /// <summary>The register that is taken off the stack pointer, if this is SUB SP, SP, Rm; null otherwise.</summary>
    public int? LoweringRegister => first == 0xEBAD && (second & 0x0FF0) == 0x0D00 ? second & 15 : null;

    /// <summary>True if this is MOV SP, R4: a function whose frame is so large that its pages were touched, down to the address in R4, makes it so.</summary>
    public bool MakesProbedFrame => first == 0x46A5;

    /// <summary>The 12 bits of a constant: one from the first half-word, eleven from the second.</summary>
    private int PlainConstant => ((first & 0x0400) << 1) | ((second & 0x7000) >> 4) | (second & 0xFF);

    /// <summary>The modified immediate constant of 32-bit Thumb instructions (ThumbExpandImm).</summary>
    private int Expanded
    {
        get
        {
            int bits = PlainConstant;
            int low = bits & 0xFF;
            return (bits >> 8) switch
            {
                0 => low,
                1 => (low << 16) | low,
                2 => (low << 24) | (low << 8),
                3 => (low << 24) | (low << 16) | (low << 8) | low,
                _ => (int)BitOperations.RotateRight((uint)((bits & 0x7F) | 0x80), bits >> 7),
            };
        }
    }

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
