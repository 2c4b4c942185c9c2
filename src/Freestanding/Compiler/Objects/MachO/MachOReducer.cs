using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.Linq;

namespace AotCompiler.Freestanding.Objects.MachO;

/// <summary>
/// Makes symbols of an object file local and sorts them as linkers demand: local ones first, then defined and undefined external
/// ones. Leaves out the frames for unwinding, as other systems' objects do: nothing is thrown, and some linkers do not take them.
/// </summary>
internal sealed class MachOReducer(byte[] bytes, MachOLayout layout, IReadOnlySet<string> exports)
{
    /// <summary>Of a symbol's description, what only external symbols may be: weak.</summary>
    private const ushort WeakBits = 0x00C0;

    private readonly byte[] _result = bytes.AsSpan().ToArray();

    public byte[] Run()
    {
        uint[] order = Enumerable.Range(0, (int)layout.SymbolCount).Select(static i => (uint)i).OrderBy(Group).ToArray();
        var moved = new uint[order.Length];
        for (uint i = 0; i < order.Length; i++)
        {
            moved[order[i]] = i;
            MoveSymbol(order[i], i);
        }

        MoveRelocations(moved);
        DropFrames();
        WriteRanges();
        CoverFile();
        return _result;
    }

    /// <summary>The range that a symbol is to be in: external symbols that are no exports become local.</summary>
    private uint Group(uint index) => layout.Symbol(index) is { Group: 1 } symbol && !exports.Contains(symbol.Name) ? 0 : layout.Symbol(index).Group;

    private void MoveSymbol(uint from, uint to)
    {
        Span<byte> entry = _result.AsSpan((int)(layout.Symbols + (to * MachOLayout.SymbolLength)), (int)MachOLayout.SymbolLength);
        bytes.AsSpan((int)(layout.Symbols + (from * MachOLayout.SymbolLength)), entry.Length).CopyTo(entry);
        if (layout.Symbol(from).IsExternal && Group(from) == 0)
        {
            entry[4] &= unchecked((byte)~(MachOSymbol.External | MachOSymbol.PrivateExternal));
            ushort description = BinaryPrimitives.ReadUInt16LittleEndian(entry[6..]);
            BinaryPrimitives.WriteUInt16LittleEndian(entry[6..], (ushort)(description & ~WeakBits));
        }
    }

    private void MoveRelocations(uint[] moved)
    {
        foreach (MachOSection section in layout.Sections)
        {
            for (uint i = 0; i < section.RelocationCount; i++)
            {
                Span<byte> word = _result.AsSpan((int)(section.Relocations + (i * MachOLayout.RelocationLength) + 4), sizeof(uint));
                uint old = BinaryPrimitives.ReadUInt32LittleEndian(word);
                if (MachORelocation.NamesSymbol(old))
                {
                    BinaryPrimitives.WriteUInt32LittleEndian(word, MachORelocation.WithSymbol(old, moved[MachORelocation.Symbol(old)]));
                }
            }
        }
    }

    /// <summary>Makes the sections with frames empty.</summary>
    private void DropFrames()
    {
        foreach (MachOSection section in layout.Sections.Where(static s => s.Name is "__compact_unwind" or "__eh_frame"))
        {
            _result.AsSpan((int)section.Header + 40, sizeof(ulong)).Clear();
            _result.AsSpan((int)section.Header + 56, 2 * sizeof(uint)).Clear();
        }
    }

    /// <summary>Says where local, exported and undefined symbols begin, and how many there are.</summary>
    private void WriteRanges()
    {
        if (layout.SymbolRanges == 0)
        {
            return;
        }

        uint first = 0;
        for (int group = 0; group < 3; group++)
        {
            uint count = 0;
            for (uint i = 0; i < layout.SymbolCount; i++)
            {
                count += Group(i) == group ? 1u : 0u;
            }

            Span<byte> range = _result.AsSpan((int)layout.SymbolRanges + 8 + (8 * group));
            BinaryPrimitives.WriteUInt32LittleEndian(range, first);
            BinaryPrimitives.WriteUInt32LittleEndian(range[4..], count);
            first += count;
        }
    }

    /// <summary>A segment in memory must not be smaller than in the file, where ILC aligns sections in another way; LLVM's tools check that.</summary>
    private void CoverFile()
    {
        if (layout.Segment != 0)
        {
            Span<byte> segment = _result.AsSpan((int)layout.Segment);
            ulong memory = BinaryPrimitives.ReadUInt64LittleEndian(segment[32..]);
            ulong file = BinaryPrimitives.ReadUInt64LittleEndian(segment[48..]);
            BinaryPrimitives.WriteUInt64LittleEndian(segment[32..], Math.Max(memory, file));
        }
    }
}
