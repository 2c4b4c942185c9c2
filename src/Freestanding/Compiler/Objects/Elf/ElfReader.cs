using System;
using System.Collections.Generic;

namespace AotCompiler.Freestanding.Objects.Elf;

/// <summary>Reads relocatable object files. Everything is checked: a damaged file is an <see cref="ObjectFormatException"/>.</summary>
public sealed class ElfReader
{
    private const ushort Relocatable = 1;
    private const int MaxSections = 0xFF00;
    private const ushort Absolute = 0xFFF1;
    private const ushort Common = 0xFFF2;

    private readonly ByteReader _file;
    private readonly bool _is64;
    private readonly ElfObject _object;
    private readonly Header[] _headers;
    private readonly ElfSection?[] _sections;
    private ElfSymbol?[] _symbols = [];

    private ElfReader(ReadOnlyMemory<byte> bytes)
    {
        _file = new ByteReader(bytes, "ELF");
        _file.Require(_file.Length >= 52 && _file.U32(0) == 0x464C457F, "the file does not begin with 0x7F 'ELF'");
        byte fileClass = _file.U8(4);
        _file.Require(fileClass is 1 or 2 && _file.U8(5) == 1, "only little-endian files of 32 or 64 bits are known");
        _is64 = fileClass == 2;
        _file.Require(_file.U16(16) == Relocatable, "the file is not a relocatable object");
        var machine = (ElfMachine)_file.U16(18);
        _file.Require(Enum.IsDefined(machine), $"processor {(ushort)machine} is unknown");
        _file.Require(_is64 == (machine != ElfMachine.Arm), $"processor {machine} does not have files of this size");
        _object = new ElfObject(machine, _file.U32(_is64 ? 48u : 36u));
        _headers = ReadHeaders();
        _sections = new ElfSection?[_headers.Length];
    }

    /// <summary>Reads a file.</summary>
    /// <exception cref="ObjectFormatException">The file is damaged, or has what no compiler here writes.</exception>
    public static ElfObject Read(ReadOnlyMemory<byte> bytes)
    {
        var reader = new ElfReader(bytes);
        reader.ReadSections();
        reader.ReadSymbols();
        reader.ReadRelocations();
        return reader._object;
    }

    private ulong Word(ulong offset) => _is64 ? _file.U64(offset) : _file.U32(offset);

    private Header[] ReadHeaders()
    {
        ulong start = Word(_is64 ? 40u : 32u);
        uint size = _file.U16(_is64 ? 58u : 46u);
        uint count = _file.U16(_is64 ? 60u : 48u);
        uint names = _file.U16(_is64 ? 62u : 50u);
        _file.Require(size == (_is64 ? 64 : 40), $"section headers have {size} bytes");
        _file.Require(count is > 0 and < MaxSections && names < count, $"{count} sections, of which {names} has the names");
        _file.Slice(start, (ulong)count * size, "the table of sections");
        var headers = new Header[count];
        for (uint i = 0; i < count; i++)
        {
            headers[i] = ReadHeader(start + (i * size));
        }

        Header strings = headers[names];
        _file.Require(strings.Type == ElfSectionType.StringTable, "the section of section names has no names");
        for (uint i = 1; i < count; i++)
        {
            headers[i] = headers[i] with { Name = Name(strings, headers[i].NameOffset) };
        }

        return headers;
    }

    private Header ReadHeader(ulong at) => _is64
        ? new Header(_file.U32(at), (ElfSectionType)_file.U32(at + 4), (ElfSectionFlags)_file.U64(at + 8), _file.U64(at + 24), _file.U64(at + 32), _file.U32(at + 40), _file.U32(at + 44), _file.U64(at + 48), _file.U64(at + 56))
        : new Header(_file.U32(at), (ElfSectionType)_file.U32(at + 4), (ElfSectionFlags)_file.U32(at + 8), _file.U32(at + 16), _file.U32(at + 20), _file.U32(at + 24), _file.U32(at + 28), _file.U32(at + 32), _file.U32(at + 36));

    private string Name(Header table, uint offset)
    {
        _file.Require(offset < table.Size, $"name {offset} is not in its table");
        return _file.Text(table.Offset + offset);
    }

    private void ReadSections()
    {
        for (int i = 1; i < _headers.Length; i++)
        {
            Header header = _headers[i];
            switch (header.Type)
            {
                case ElfSectionType.Null or ElfSectionType.SymbolTable or ElfSectionType.StringTable or ElfSectionType.Rel or ElfSectionType.Rela:
                    break;
                case ElfSectionType.Group or ElfSectionType.SymbolTableIndex:
                    throw new ObjectFormatException($"ELF: section '{header.Name}' of kind {header.Type} is not supported");
                default:
                    _sections[i] = ReadSection(header);
                    _object.Sections.Add(_sections[i]!);
                    break;
            }
        }
    }

    private ElfSection ReadSection(Header header)
    {
        _file.Require(header.Alignment <= 1 || ulong.IsPow2(header.Alignment), $"section '{header.Name}' is aligned to {header.Alignment}");
        bool isEmpty = header.Type == ElfSectionType.NoBits;
        ReadOnlyMemory<byte> data = isEmpty ? default : _file.Slice(header.Offset, header.Size, $"section '{header.Name}'");
        return new ElfSection(header.Name, header.Type, header.Flags & ~(ElfSectionFlags.InfoLink | ElfSectionFlags.LinkOrder), header.Alignment, data)
        {
            Size = header.Size,
        };
    }

    private void ReadSymbols()
    {
        int table = Array.FindIndex(_headers, static h => h.Type == ElfSectionType.SymbolTable);
        if (table < 0)
        {
            return;
        }

        Header header = _headers[table];
        _file.Require(Array.FindLastIndex(_headers, static h => h.Type == ElfSectionType.SymbolTable) == table, "there is more than one table of symbols");
        uint size = _is64 ? 24u : 16u;
        _file.Require(header.EntrySize == size && header.Size % size == 0, $"symbols have {header.EntrySize} bytes");
        _file.Require(header.Link < _headers.Length && _headers[header.Link].Type == ElfSectionType.StringTable, "the names of symbols are missing");
        _file.Slice(header.Offset, header.Size, "the table of symbols");
        Header names = _headers[header.Link];
        _symbols = new ElfSymbol?[header.Size / size];
        for (int i = 1; i < _symbols.Length; i++)
        {
            _symbols[i] = ReadSymbol(header.Offset + ((ulong)i * size), names);
            _object.Symbols.Add(_symbols[i]!);
        }
    }

    private ElfSymbol ReadSymbol(ulong at, Header names)
    {
        uint name = _file.U32(at);
        byte info = _file.U8(at + (_is64 ? 4u : 12u));
        byte other = _file.U8(at + (_is64 ? 5u : 13u));
        ushort section = _file.U16(at + (_is64 ? 6u : 14u));
        var binding = (ElfBinding)(info >> 4);
        _file.Require(Enum.IsDefined(binding), $"a symbol has binding {info >> 4}");
        _file.Require(section != Common, "common symbols are not supported");
        _file.Require(section == Absolute || (section < _sections.Length && (section == 0 || _sections[section] is not null)), $"a symbol lies in section {section}");
        ElfSection? place = section is 0 or Absolute ? null : _sections[section];
        ulong value = Word(at + (_is64 ? 8u : 4u));
        ulong size = Word(at + (_is64 ? 16u : 8u));
        _file.Require(place is null || value <= place.Size + 1, $"a symbol lies at {value} of section {place?.Name}");
        return new ElfSymbol
        {
            Name = name == 0 ? string.Empty : Name(names, name),
            Section = place,
            IsAbsolute = section == Absolute,
            Value = value,
            Size = size,
            Type = (ElfSymbolType)(info & 15),
            Binding = binding,
            Visibility = (ElfVisibility)(other & 3),
        };
    }

    private void ReadRelocations()
    {
        foreach (Header header in _headers)
        {
            if (header.Type is ElfSectionType.Rel or ElfSectionType.Rela)
            {
                _file.Require(header.Type == (_object.HasAddends ? ElfSectionType.Rela : ElfSectionType.Rel), $"relocations of kind {header.Type} are not those of {_object.Machine}");
                _file.Require(header.Info < _sections.Length && _sections[header.Info] is not null, $"relocations '{header.Name}' are for section {header.Info}");
                ReadRelocations(header, _sections[header.Info]!);
            }
        }
    }

    private void ReadRelocations(Header header, ElfSection target)
    {
        uint size = _is64 ? 24u : 8u;
        _file.Require(header.EntrySize == size && header.Size % size == 0, $"relocations '{header.Name}' have {header.EntrySize} bytes each");
        _file.Slice(header.Offset, header.Size, $"relocations '{header.Name}'");
        for (ulong at = header.Offset; at < header.Offset + header.Size; at += size)
        {
            ulong offset = Word(at);
            ulong info = Word(at + (_is64 ? 8u : 4u));
            ulong symbol = _is64 ? info >> 32 : info >> 8;
            uint type = _is64 ? (uint)info : (uint)info & 0xFF;
            _file.Require(offset < target.Size, $"relocation at {offset} of section '{target.Name}'");
            _file.Require(symbol > 0 && symbol < (ulong)_symbols.Length, $"relocation for symbol {symbol}");
            target.Relocations.Add(new ElfRelocation(offset, type, _symbols[symbol]!, _is64 ? (long)_file.U64(at + 16) : 0));
        }
    }

    private sealed record Header(
        uint NameOffset, ElfSectionType Type, ElfSectionFlags Flags, ulong Offset, ulong Size, uint Link, uint Info, ulong Alignment, ulong EntrySize)
    {
        public string Name { get; init; } = string.Empty;
    }
}
