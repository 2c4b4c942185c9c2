using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;

namespace AotCompiler.Freestanding.Objects.Elf;

/// <summary>Writes relocatable object files: the same object gives the same bytes.</summary>
public sealed class ElfWriter
{
    private const ushort AbsoluteIndex = 0xFFF1;

    private readonly ElfObject _object;
    private readonly bool _is64;
    private readonly MemoryStream _file = new();
    private readonly NameTable _sectionNames = new();
    private readonly NameTable _symbolNames = new();
    private readonly List<Header> _headers = [];
    private readonly Dictionary<ElfSection, int> _sectionIndex = [];
    private readonly Dictionary<ElfSymbol, int> _symbolIndex = [];

    private ElfWriter(ElfObject source)
    {
        _object = source;
        _is64 = source.Is64;
    }

    /// <summary>The file's bytes.</summary>
    public static byte[] Write(ElfObject source)
    {
        var writer = new ElfWriter(source);
        writer.WriteAll();
        return writer._file.ToArray();
    }

    private void WriteAll()
    {
        _headers.Add(new Header(0, ElfSectionType.Null, ElfSectionFlags.None, 0, 0, 0, 0, 0, 0));
        foreach (ElfSection section in _object.Sections)
        {
            _sectionIndex.Add(section, _sectionIndex.Count + 1);
        }

        int first = 1;
        ElfSymbol[] ordered = _object.Symbols.Where(static s => s.Binding == ElfBinding.Local)
            .Concat(_object.Symbols.Where(static s => s.Binding != ElfBinding.Local))
            .ToArray();
        foreach (ElfSymbol symbol in ordered)
        {
            _symbolIndex.Add(symbol, _symbolIndex.Count + 1);
            first += symbol.Binding == ElfBinding.Local ? 1 : 0;
        }

        _file.Write(new byte[_is64 ? 64 : 52]);
        foreach (ElfSection section in _object.Sections)
        {
            WriteSection(section);
        }

        int symbolTable = _object.Sections.Count + _object.Sections.Count(static s => s.Relocations.Count > 0) + 1;
        foreach (ElfSection section in _object.Sections.Where(static s => s.Relocations.Count > 0))
        {
            WriteRelocations(section, symbolTable);
        }

        WriteSymbols(ordered, first, symbolTable + 1);
        WriteTable(".strtab", _symbolNames);
        _sectionNames.Add(".shstrtab");
        WriteTable(".shstrtab", _sectionNames);
        WriteHeaders();
    }

    private ulong Align(ulong alignment)
    {
        while ((ulong)_file.Position % alignment != 0)
        {
            _file.WriteByte(0);
        }

        return (ulong)_file.Position;
    }

    private void WriteSection(ElfSection section)
    {
        ulong offset = Align(section.Alignment);
        _file.Write(section.Data.Span);
        _headers.Add(new Header(_sectionNames.Add(section.Name), section.Type, section.Flags, offset, section.Size, 0, 0, section.Alignment, 0));
    }

    private void WriteRelocations(ElfSection section, int symbolTable)
    {
        ulong offset = Align(_is64 ? 8u : 4u);
        foreach (ElfRelocation relocation in section.Relocations)
        {
            ulong symbol = (ulong)_symbolIndex[relocation.Symbol];
            Word(relocation.Offset);
            if (_is64)
            {
                Word((symbol << 32) | relocation.Type);
                Word((ulong)relocation.Addend);
            }
            else
            {
                Word((symbol << 8) | relocation.Type);
            }
        }

        string prefix = _object.HasAddends ? ".rela" : ".rel";
        _headers.Add(new Header(
            _sectionNames.Add(prefix + section.Name),
            _object.HasAddends ? ElfSectionType.Rela : ElfSectionType.Rel,
            ElfSectionFlags.InfoLink,
            offset,
            (ulong)_file.Position - offset,
            (uint)symbolTable,
            (uint)_sectionIndex[section],
            _is64 ? 8u : 4u,
            _is64 ? 24u : 8u));
    }

    private void WriteSymbols(ElfSymbol[] ordered, int firstGlobal, int names)
    {
        ulong offset = Align(_is64 ? 8u : 4u);
        _file.Write(new byte[_is64 ? 24 : 16]);
        foreach (ElfSymbol symbol in ordered)
        {
            int section = symbol.IsAbsolute ? AbsoluteIndex : symbol.Section is { } place ? _sectionIndex[place] : 0;
            U32(_symbolNames.Add(symbol.Name));
            if (!_is64)
            {
                Word(symbol.Value);
                Word(symbol.Size);
            }

            _file.WriteByte((byte)(((int)symbol.Binding << 4) | (int)symbol.Type));
            _file.WriteByte((byte)symbol.Visibility);
            U16((ushort)section);
            if (_is64)
            {
                Word(symbol.Value);
                Word(symbol.Size);
            }
        }

        _headers.Add(new Header(
            _sectionNames.Add(".symtab"),
            ElfSectionType.SymbolTable,
            ElfSectionFlags.None,
            offset,
            (ulong)_file.Position - offset,
            (uint)names,
            (uint)firstGlobal,
            _is64 ? 8u : 4u,
            _is64 ? 24u : 16u));
    }

    private void WriteTable(string name, NameTable names)
    {
        uint nameOffset = _sectionNames.Add(name);
        ulong offset = (ulong)_file.Position;
        _file.Write(names.Bytes);
        _headers.Add(new Header(nameOffset, ElfSectionType.StringTable, ElfSectionFlags.None, offset, (ulong)_file.Position - offset, 0, 0, 1, 0));
    }

    private void WriteHeaders()
    {
        ulong start = Align(8);
        foreach (Header header in _headers)
        {
            U32(header.Name);
            U32((uint)header.Type);
            Word((ulong)header.Flags);
            Word(0);
            Word(header.Offset);
            Word(header.Size);
            U32(header.Link);
            U32(header.Info);
            Word(header.Alignment);
            Word(header.EntrySize);
        }

        _file.Position = 0;
        _file.Write([0x7F, (byte)'E', (byte)'L', (byte)'F', (byte)(_is64 ? 2 : 1), 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
        U16(1);
        U16((ushort)_object.Machine);
        U32(1);
        Word(0);
        Word(0);
        Word(start);
        U32(_object.Flags);
        U16((ushort)(_is64 ? 64 : 52));
        U16(0);
        U16(0);
        U16((ushort)(_is64 ? 64 : 40));
        U16((ushort)_headers.Count);
        U16((ushort)(_headers.Count - 1));
    }

    private void U16(ushort value)
    {
        Span<byte> bytes = stackalloc byte[2];
        BinaryPrimitives.WriteUInt16LittleEndian(bytes, value);
        _file.Write(bytes);
    }

    private void U32(uint value)
    {
        Span<byte> bytes = stackalloc byte[4];
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, value);
        _file.Write(bytes);
    }

    private void Word(ulong value)
    {
        if (!_is64)
        {
            U32((uint)value);
            return;
        }

        Span<byte> bytes = stackalloc byte[8];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, value);
        _file.Write(bytes);
    }

    private sealed record Header(
        uint Name, ElfSectionType Type, ElfSectionFlags Flags, ulong Offset, ulong Size, uint Link, uint Info, ulong Alignment, ulong EntrySize);

    /// <summary>Names one after the other, each once.</summary>
    private sealed class NameTable
    {
        private readonly MemoryStream _bytes = new();
        private readonly Dictionary<string, uint> _offsets = new(StringComparer.Ordinal) { [string.Empty] = 0 };

        public NameTable() => _bytes.WriteByte(0);

        public byte[] Bytes => _bytes.ToArray();

        public uint Add(string name)
        {
            if (!_offsets.TryGetValue(name, out uint offset))
            {
                offset = (uint)_bytes.Position;
                _bytes.Write(Encoding.UTF8.GetBytes(name));
                _bytes.WriteByte(0);
                _offsets.Add(name, offset);
            }

            return offset;
        }
    }
}
