using System;
using System.Collections.Generic;
using System.Text;

namespace AotCompiler.Freestanding.Objects.Coff;

/// <summary>Object files of Windows: checks their structure and keeps all symbols but the exports to themselves.</summary>
/// <remarks>Microsoft's "PE Format", sections "COFF File Header", "Section Table" and "COFF Symbol Table".</remarks>
public static class CoffObject
{
    private const int HeaderLength = 20;
    private const int SectionLength = 40;
    private const int SymbolLength = 18;
    private const byte External = 2;
    private const byte Static = 3;

    /// <summary>Reads the symbols.</summary>
    /// <exception cref="ObjectFormatException">The file is damaged or no object for x64 or Arm64.</exception>
    public static ObjectSymbols Read(ReadOnlyMemory<byte> bytes)
    {
        var defined = new List<string>();
        var undefined = new List<string>();
        Visit(bytes, (_, name, section, _) => (section == 0 ? undefined : defined).Add(name));
        var file = new ByteReader(bytes, "COFF");
        return new ObjectSymbols(file.U16(0) == 0x8664 ? "x64" : "arm64", defined, undefined);
    }

    /// <summary>Makes global symbols that are no exports static, so that objects of several models can be linked together.</summary>
    public static byte[] Localise(byte[] bytes, IReadOnlySet<string> exports)
    {
        byte[] result = bytes.AsSpan().ToArray();
        Visit(bytes, (at, name, section, _) =>
        {
            if (section > 0 && !exports.Contains(name))
            {
                result[at + 16] = Static;
            }
        });
        return result;
    }

    /// <summary>Tells of every global symbol: where its entry is, its name, its section's number, its value.</summary>
    private static void Visit(ReadOnlyMemory<byte> bytes, Action<int, string, short, uint> tell)
    {
        var file = new ByteReader(bytes, "COFF");
        file.Require(file.Length >= HeaderLength && file.U16(0) is 0x8664 or 0xAA64, "the file is no object for x64 or Arm64");
        ushort sections = file.U16(2);
        ulong symbols = file.U32(8);
        ulong count = file.U32(12);
        ulong names = symbols + (count * SymbolLength);
        CheckSections(file, sections, (ulong)HeaderLength + file.U16(16), count);
        file.Slice(symbols, count * SymbolLength, "the table of symbols");
        for (ulong i = 0; i < count; i++)
        {
            ulong at = symbols + (i * SymbolLength);
            var section = (short)file.U16(at + 12);
            file.Require(section <= sections, $"a symbol lies in section {section}");
            if (file.U8(at + 16) == External)
            {
                tell((int)at, Name(file, bytes, at, names), section, file.U32(at + 8));
            }

            i += file.U8(at + 17);
        }
    }

    private static void CheckSections(ByteReader file, ushort count, ulong start, ulong symbols)
    {
        for (ulong i = 0; i < count; i++)
        {
            ulong at = start + (i * SectionLength);
            uint size = file.U32(at + 16);
            uint offset = file.U32(at + 20);
            ulong relocations = file.U32(at + 24);
            ulong relocationCount = file.U16(at + 32);
            if (offset != 0)
            {
                file.Slice(offset, size, "a section");
            }

            // With the flag IMAGE_SCN_LNK_NRELOC_OVFL the first entry holds the number.
            if (relocationCount == 0xFFFF && (file.U32(at + 36) & 0x01000000) != 0)
            {
                relocationCount = file.U32(relocations);
            }

            file.Slice(relocations, relocationCount * 10, "relocations");
            for (ulong r = 0; r < relocationCount; r++)
            {
                file.Require(file.U32(relocations + (r * 10) + 4) < symbols, "a relocation names no symbol");
            }
        }
    }

    private static string Name(ByteReader file, ReadOnlyMemory<byte> bytes, ulong at, ulong names)
    {
        if (file.U32(at) == 0)
        {
            return file.Text(names + file.U32(at + 4));
        }

        ReadOnlySpan<byte> name = file.Slice(at, 8, "a name").Span;
        int end = name.IndexOf((byte)0);
        return Encoding.UTF8.GetString(end < 0 ? name : name[..end]);
    }
}
