using System;
using System.Collections.Generic;

namespace AotCompiler.Freestanding.Objects.MachO;

/// <summary>Object files of macOS: checks their structure and lists their symbols.</summary>
/// <remarks>Apple's &lt;mach-o/loader.h&gt; and &lt;mach-o/nlist.h&gt;: header, load commands, segment of sections, symbols.</remarks>
public static class MachOObject
{
    private const uint Segment64 = 0x19;
    private const uint SymbolTable = 2;
    private const uint HeaderLength = 32;
    private const uint SectionLength = 80;
    private const uint SymbolLength = 16;
    private const uint RelocationLength = 8;
    private const int External = 1;
    private const int PrivateExternal = 0x10;
    private const int TypeMask = 0x0E;
    private const int StabMask = 0xE0;

    /// <summary>Reads the symbols; names begin with an underscore, as C's do there.</summary>
    /// <exception cref="ObjectFormatException">The file is damaged or no 64-bit object for x64 or Arm64.</exception>
    public static ObjectSymbols Read(ReadOnlyMemory<byte> bytes)
    {
        var file = new ByteReader(bytes, "Mach-O");
        file.Require(file.Length >= HeaderLength && file.U32(0) == 0xFEEDFACF, "the file is no 64-bit object");
        uint processor = file.U32(4);
        file.Require(processor is 0x01000007 or 0x0100000C, $"processor {processor:x} is unknown");
        file.Require(file.U32(12) == 1, "the file is not relocatable");
        var defined = new List<string>();
        var undefined = new List<string>();
        ulong at = HeaderLength;
        for (uint i = 0; i < file.U32(16); i++)
        {
            uint length = file.U32(at + 4);
            file.Require(length >= 8, "a load command is too short");
            file.Slice(at, length, "a load command");
            if (file.U32(at) == Segment64)
            {
                CheckSections(file, at, length);
            }
            else if (file.U32(at) == SymbolTable)
            {
                ReadSymbols(file, at, defined, undefined);
            }

            at += length;
        }

        return new ObjectSymbols(processor == 0x01000007 ? "x64" : "arm64", defined, undefined);
    }

    private static void CheckSections(ByteReader file, ulong segment, uint length)
    {
        uint count = file.U32(segment + 64);
        file.Require(72 + ((ulong)count * SectionLength) <= length, "sections do not fit their segment");
        for (uint i = 0; i < count; i++)
        {
            ulong at = segment + 72 + ((ulong)i * SectionLength);
            bool isZero = (file.U32(at + 64) & 0xFF) is 1 or 12 or 18;
            if (!isZero)
            {
                file.Slice(file.U32(at + 48), file.U64(at + 40), "a section");
            }

            file.Slice(file.U32(at + 56), (ulong)file.U32(at + 60) * RelocationLength, "relocations");
        }
    }

    private static void ReadSymbols(ByteReader file, ulong command, List<string> defined, List<string> undefined)
    {
        ulong symbols = file.U32(command + 8);
        uint count = file.U32(command + 12);
        ulong names = file.U32(command + 16);
        uint nameBytes = file.U32(command + 20);
        file.Slice(symbols, (ulong)count * SymbolLength, "the table of symbols");
        file.Slice(names, nameBytes, "the names");
        for (uint i = 0; i < count; i++)
        {
            ulong at = symbols + ((ulong)i * SymbolLength);
            byte type = file.U8(at + 4);
            uint name = file.U32(at);
            file.Require(name < nameBytes, "a name is not in its table");
            if ((type & StabMask) != 0 || (type & External) == 0)
            {
                continue;
            }

            if ((type & TypeMask) == 0)
            {
                undefined.Add(file.Text(names + name));
            }
            else if ((type & PrivateExternal) == 0)
            {
                defined.Add(file.Text(names + name));
            }
        }
    }
}
