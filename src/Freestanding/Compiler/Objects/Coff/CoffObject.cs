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
    private const byte SelectAny = 2;
    private const byte SelectNoDuplicates = 1;

    /// <summary>Reads the symbols.</summary>
    /// <exception cref="ObjectFormatException">The file is damaged or no object for x64 or Arm64.</exception>
    public static ObjectSymbols Read(ReadOnlyMemory<byte> bytes)
    {
        var defined = new List<string>();
        var undefined = new List<string>();
        Visit(bytes, (symbol, name) =>
        {
            if (symbol.Class == External)
            {
                (symbol.Section == 0 ? undefined : defined).Add(name());
            }
        });
        var file = new ByteReader(bytes, "COFF");
        return new ObjectSymbols(file.U16(0) == 0x8664 ? "x64" : "arm64", defined, undefined);
    }

    /// <summary>Makes global symbols that are no exports static, so that objects of several models can be linked together.</summary>
    /// <exception cref="ObjectFormatException">The file is damaged or no object for x64 or Arm64.</exception>
    public static byte[] Localise(byte[] bytes, IReadOnlySet<string> exports)
    {
        byte[] result = bytes.AsSpan().ToArray();
        var sections = new HashSet<short>();
        Visit(bytes, (symbol, name) =>
        {
            if (symbol.Class == External && symbol.Section > 0 && !exports.Contains(name()))
            {
                result[symbol.Offset + 16] = Static;
                sections.Add(symbol.Section);
            }
        });

        // A section that linkers take once by its symbol's name is this object's own now, as a static function's of C is.
        Visit(bytes, (symbol, _) =>
        {
            int selection = symbol.Offset + SymbolLength + 14;
            if (symbol.IsSection && sections.Contains(symbol.Section) && result[selection] == SelectAny)
            {
                result[selection] = SelectNoDuplicates;
            }
        });
        return result;
    }

    /// <summary>Tells of every symbol, and how to get its name.</summary>
    private static void Visit(ReadOnlyMemory<byte> bytes, Action<CoffSymbol, Func<string>> tell)
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
            byte more = file.U8(at + 17);
            file.Require(i + more < count, "a symbol's details lie outside the table");
            tell(new CoffSymbol((int)at, file.U8(at + 16), section, more), () => Name(file, at, names));
            i += more;
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

    private static string Name(ByteReader file, ulong at, ulong names)
    {
        if (file.U32(at) == 0)
        {
            return file.Text(names + file.U32(at + 4));
        }

        ReadOnlySpan<byte> name = file.Slice(at, 8, "a name").Span;
        int end = name.IndexOf((byte)0);
        return Encoding.UTF8.GetString(end < 0 ? name : name[..end]);
    }

    /// <summary>A symbol's entry.</summary>
    /// <param name="Offset">Where it is in the file.</param>
    /// <param name="Class">The storage class.</param>
    /// <param name="Section">Number of the section, from 1; 0 if the symbol is undefined, less if it lies in none.</param>
    /// <param name="Details">Number of further entries that belong to it.</param>
    private readonly record struct CoffSymbol(int Offset, byte Class, short Section, byte Details)
    {
        /// <summary>True if it stands for a whole section, whose details follow.</summary>
        public bool IsSection => Class == Static && Section > 0 && Details > 0;
    }
}
