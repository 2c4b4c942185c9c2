using System;
using System.Collections.Generic;

namespace AotCompiler.Freestanding.Objects.Elf;

/// <summary>A relocatable object file: little-endian ELF of 32 or 64 bits, as far as compilers write it.</summary>
/// <remarks>System V ABI, chapter 4, with the supplements of the processors.</remarks>
public sealed class ElfObject
{
    /// <summary>Makes an empty object.</summary>
    public ElfObject(ElfMachine machine, uint flags)
    {
        Machine = machine;
        Flags = flags;
    }

    /// <summary>Makes an object of one section that defines one global symbol.</summary>
    /// <param name="machine">The processor.</param>
    /// <param name="flags">Its flags.</param>
    /// <param name="name">Name of the symbol, which is the whole section.</param>
    /// <param name="type">What the symbol is. On 32-bit Arm the addresses of functions are odd.</param>
    /// <param name="section">The section.</param>
    public static ElfObject Of(ElfMachine machine, uint flags, string name, ElfSymbolType type, ElfSection section)
    {
        var result = new ElfObject(machine, flags);
        result.Sections.Add(section);
        result.Symbols.Add(new ElfSymbol
        {
            Name = name,
            Section = section,
            Value = machine == ElfMachine.Arm && type == ElfSymbolType.Function ? 1u : 0u,
            Size = section.Size,
            Type = type,
            Binding = ElfBinding.Global,
        });
        return result;
    }

    /// <summary>The processor.</summary>
    public ElfMachine Machine { get; }

    /// <summary>Properties that the processor's supplement defines.</summary>
    public uint Flags { get; }

    /// <summary>True for 64-bit files.</summary>
    public bool Is64 => Machine != ElfMachine.Arm;

    /// <summary>True if relocations carry their addends.</summary>
    public bool HasAddends => Is64;

    /// <summary>Sections with contents; those with symbols, names and relocations are not among them.</summary>
    public List<ElfSection> Sections { get; } = [];

    /// <summary>Symbols, without the empty first one.</summary>
    public List<ElfSymbol> Symbols { get; } = [];
}

/// <summary>A section with contents and the relocations that apply to it.</summary>
public sealed class ElfSection
{
    /// <summary>Makes a section.</summary>
    public ElfSection(string name, ElfSectionType type, ElfSectionFlags flags, ulong alignment, ReadOnlyMemory<byte> data)
    {
        Name = name;
        Type = type;
        Flags = flags;
        Alignment = Math.Max(1, alignment);
        Data = data;
        Size = (ulong)data.Length;
    }

    /// <summary>Name.</summary>
    public string Name { get; set; }

    /// <summary>Kind.</summary>
    public ElfSectionType Type { get; }

    /// <summary>Properties.</summary>
    public ElfSectionFlags Flags { get; set; }

    /// <summary>Alignment in bytes, a power of two.</summary>
    public ulong Alignment { get; }

    /// <summary>Bytes; none for zeros.</summary>
    public ReadOnlyMemory<byte> Data { get; }

    /// <summary>Bytes in memory.</summary>
    public ulong Size { get; init; }

    /// <summary>Places to be filled in by the linker.</summary>
    public List<ElfRelocation> Relocations { get; } = [];

    /// <inheritdoc/>
    public override string ToString() => $"{Name}, {Size} bytes";
}

/// <summary>A name for a place in a section, or for one in another object.</summary>
public sealed class ElfSymbol
{
    /// <summary>Name; may be empty for local symbols.</summary>
    public required string Name { get; set; }

    /// <summary>The section; null if it is undefined or absolute.</summary>
    public ElfSection? Section { get; init; }

    /// <summary>True if the value is a number and no place.</summary>
    public bool IsAbsolute { get; init; }

    /// <summary>Offset in the section.</summary>
    public ulong Value { get; init; }

    /// <summary>Bytes, 0 if not known.</summary>
    public ulong Size { get; init; }

    /// <summary>What it is.</summary>
    public ElfSymbolType Type { get; init; }

    /// <summary>Who sees it.</summary>
    public ElfBinding Binding { get; set; }

    /// <summary>Whether it leaves a shared library.</summary>
    public ElfVisibility Visibility { get; set; }

    /// <summary>True if another object must define it.</summary>
    public bool IsUndefined => Section is null && !IsAbsolute;

    /// <inheritdoc/>
    public override string ToString() => $"{Name} in {Section?.Name ?? "no section"} + {Value}";
}

/// <summary>A place that depends on a symbol's address.</summary>
/// <param name="Offset">Place in its section.</param>
/// <param name="Type">What to compute, by the processor's supplement.</param>
/// <param name="Symbol">The symbol.</param>
/// <param name="Addend">Added to the symbol's address; 0 where the code holds it.</param>
public sealed record ElfRelocation(ulong Offset, uint Type, ElfSymbol Symbol, long Addend);
