using System;
using System.Collections.Generic;
using System.Text;

namespace AotCompiler.Freestanding.Objects.MachO;

/// <summary>Where the parts of a checked object file lie.</summary>
internal sealed class MachOLayout
{
    public const uint SymbolLength = 16;
    public const uint RelocationLength = 8;

    private const uint Segment64 = 0x19;
    private const uint SymbolTable = 2;
    private const uint DynamicSymbolTable = 0xB;
    private const uint HeaderLength = 32;
    private const uint SectionLength = 80;
    private const uint X64 = 0x01000007;
    private const uint Arm64 = 0x0100000C;

    private readonly ByteReader _file;
    private readonly List<MachOSection> _sections = [];
    private uint _names;
    private uint _nameBytes;

    private MachOLayout(ByteReader file) => _file = file;

    /// <summary>The processor, as targets call it.</summary>
    public string Architecture => _file.U32(4) == X64 ? "x64" : "arm64";

    /// <summary>Where the command of the segment begins.</summary>
    public uint Segment { get; private set; }

    /// <summary>Where the command that sorts the symbols begins; 0 if there is none.</summary>
    public uint SymbolRanges { get; private set; }

    /// <summary>Where the symbols begin.</summary>
    public uint Symbols { get; private set; }

    public uint SymbolCount { get; private set; }

    /// <summary>The sections.</summary>
    public IReadOnlyList<MachOSection> Sections => _sections;

    /// <summary>Checks a file and finds its parts.</summary>
    /// <exception cref="ObjectFormatException">The file is damaged or no 64-bit object for x64 or Arm64.</exception>
    public static MachOLayout Read(ReadOnlyMemory<byte> bytes)
    {
        var file = new ByteReader(bytes, "Mach-O");
        file.Require(file.Length >= HeaderLength && file.U32(0) == 0xFEEDFACF, "the file is no 64-bit object");
        file.Require(file.U32(4) is X64 or Arm64, $"processor {file.U32(4):x} is unknown");
        file.Require(file.U32(12) == 1, "the file is not relocatable");
        var layout = new MachOLayout(file);
        layout.ReadCommands();
        layout.CheckSymbols();
        layout.CheckRelocations();
        layout.CheckRanges();
        return layout;
    }

    /// <summary>A symbol.</summary>
    public MachOSymbol Symbol(uint index)
    {
        ulong at = Symbols + ((ulong)index * SymbolLength);
        return new MachOSymbol(_file.Text(_names + _file.U32(at)), _file.U8(at + 4));
    }

    private void ReadCommands()
    {
        ulong at = HeaderLength;
        for (uint i = 0; i < _file.U32(16); i++)
        {
            uint length = _file.U32(at + 4);
            _file.Require(length >= 8, "a load command is too short");
            _file.Slice(at, length, "a load command");
            switch (_file.U32(at))
            {
                case Segment64:
                    _file.Require(Segment == 0, "there are several segments");
                    Segment = (uint)at;
                    ReadSections(at, length);
                    break;

                case SymbolTable:
                    Symbols = _file.U32(at + 8);
                    SymbolCount = _file.U32(at + 12);
                    _names = _file.U32(at + 16);
                    _nameBytes = _file.U32(at + 20);
                    break;

                case DynamicSymbolTable:
                    _file.Require(length >= 80, "the ranges of symbols are too short");
                    SymbolRanges = (uint)at;
                    break;
            }

            at += length;
        }
    }

    private void ReadSections(ulong segment, uint length)
    {
        uint count = _file.U32(segment + 64);
        _file.Require(72 + ((ulong)count * SectionLength) <= length, "sections do not fit their segment");
        for (uint i = 0; i < count; i++)
        {
            ulong at = segment + 72 + ((ulong)i * SectionLength);
            bool isZero = (_file.U32(at + 64) & 0xFF) is 1 or 12 or 18;
            if (!isZero)
            {
                _file.Slice(_file.U32(at + 48), _file.U64(at + 40), "a section");
            }

            string name = Encoding.ASCII.GetString(_file.Slice(at, 16, "a section's name").Span).TrimEnd('\0');
            _sections.Add(new MachOSection(name, (uint)at, _file.U32(at + 56), _file.U32(at + 60)));
            _file.Slice(_sections[^1].Relocations, (ulong)_sections[^1].RelocationCount * RelocationLength, "relocations");
        }
    }

    private void CheckSymbols()
    {
        _file.Slice(Symbols, (ulong)SymbolCount * SymbolLength, "the table of symbols");
        _file.Slice(_names, _nameBytes, "the names");
        for (uint i = 0; i < SymbolCount; i++)
        {
            _file.Require(_file.U32(Symbols + ((ulong)i * SymbolLength)) < _nameBytes, "a name is not in its table");
        }
    }

    private void CheckRelocations()
    {
        foreach (MachOSection section in _sections)
        {
            for (uint i = 0; i < section.RelocationCount; i++)
            {
                uint word = _file.U32(section.Relocations + ((ulong)i * RelocationLength) + 4);
                _file.Require(!MachORelocation.NamesSymbol(word) || MachORelocation.Symbol(word) < SymbolCount, "a relocation names no symbol");
            }
        }
    }

    /// <summary>Local symbols come first, then defined and undefined external ones.</summary>
    private void CheckRanges()
    {
        ulong next = 0;
        for (uint group = 0; SymbolRanges != 0 && group < 3; group++)
        {
            ulong first = _file.U32(SymbolRanges + 8 + (8 * group));
            ulong end = first + _file.U32(SymbolRanges + 12 + (8 * group));
            _file.Require((first == next || first == end) && end <= SymbolCount, "the ranges of symbols have gaps");
            for (ulong i = first; i < end; i++)
            {
                _file.Require(Symbol((uint)i).Group == group, $"symbol {i} is not in its range");
            }

            next = Math.Max(next, end);
        }

        _file.Require(SymbolRanges == 0 || next == SymbolCount, "symbols are in no range");
    }
}

/// <summary>A section of an object file.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Header">Where its description is in the file.</param>
/// <param name="Relocations">Where its relocations begin.</param>
/// <param name="RelocationCount">How many there are.</param>
internal readonly record struct MachOSection(string Name, uint Header, uint Relocations, uint RelocationCount);

/// <summary>A symbol of an object file.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">The field <c>n_type</c>.</param>
internal readonly record struct MachOSymbol(string Name, byte Type)
{
    public const byte External = 1;
    public const byte PrivateExternal = 0x10;

    private const int TypeMask = 0x0E;
    private const int StabMask = 0xE0;

    /// <summary>True if other objects see it.</summary>
    public bool IsExternal => (Type & StabMask) == 0 && (Type & External) != 0;

    /// <summary>True if only the objects see it that are linked together with this one.</summary>
    public bool IsPrivate => (Type & PrivateExternal) != 0;

    /// <summary>True if another object is to define it.</summary>
    public bool IsUndefined => IsExternal && (Type & TypeMask) == 0;

    /// <summary>The range that it belongs to: 0 for local symbols, 1 for defined, 2 for undefined external ones.</summary>
    public uint Group => !IsExternal ? 0u : IsUndefined ? 2u : 1u;
}

/// <summary>The second word of a relocation.</summary>
internal static class MachORelocation
{
    private const uint SymbolMask = 0x00FF_FFFF;
    private const uint ExternalBit = 1u << 27;

    /// <summary>True if it names a symbol, not a section or a number.</summary>
    public static bool NamesSymbol(uint word) => (word & ExternalBit) != 0;

    public static uint Symbol(uint word) => word & SymbolMask;

    public static uint WithSymbol(uint word, uint symbol) => (word & ~SymbolMask) | symbol;
}
