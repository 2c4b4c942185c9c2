using System;

namespace AotCompiler.Freestanding.Objects.Elf;

/// <summary>Processors, by their number in the header (System V ABI, e_machine).</summary>
public enum ElfMachine : ushort
{
    /// <summary>32-bit Arm.</summary>
    Arm = 40,

    /// <summary>x86-64.</summary>
    X64 = 62,

    /// <summary>64-bit Arm.</summary>
    Arm64 = 183,
}

/// <summary>Kinds of sections (sh_type).</summary>
public enum ElfSectionType : uint
{
    /// <summary>No section.</summary>
    Null = 0,

    /// <summary>Code or data.</summary>
    ProgramBits = 1,

    /// <summary>Symbols.</summary>
    SymbolTable = 2,

    /// <summary>Names.</summary>
    StringTable = 3,

    /// <summary>Relocations with addends.</summary>
    Rela = 4,

    /// <summary>Zeros that take no room in the file.</summary>
    NoBits = 8,

    /// <summary>Relocations whose addends are in the code.</summary>
    Rel = 9,

    /// <summary>Sections that belong together.</summary>
    Group = 17,

    /// <summary>Numbers of sections above 65,279.</summary>
    SymbolTableIndex = 18,

    /// <summary>Unwind tables of x86-64.</summary>
    X64Unwind = 0x70000001,

    /// <summary>Unwind index of Arm; the number is the same as that of x86-64.</summary>
    ArmExceptionIndex = 0x70000001,

    /// <summary>What Arm code demands of the processor and of its callers.</summary>
    ArmAttributes = 0x70000003,
}

/// <summary>Properties of sections (sh_flags).</summary>
[Flags]
public enum ElfSectionFlags : ulong
{
    /// <summary>None.</summary>
    None = 0,

    /// <summary>May be written.</summary>
    Write = 1,

    /// <summary>Is in memory while the program runs.</summary>
    Alloc = 2,

    /// <summary>Is code.</summary>
    Execute = 4,

    /// <summary>Equal elements may be merged.</summary>
    Merge = 0x10,

    /// <summary>Consists of strings.</summary>
    Strings = 0x20,

    /// <summary>Its information is the number of a section.</summary>
    InfoLink = 0x40,

    /// <summary>Has an order among sections.</summary>
    LinkOrder = 0x80,

    /// <summary>Is a member of a group.</summary>
    Group = 0x200,

    /// <summary>Is there once per thread.</summary>
    ThreadLocal = 0x400,
}

/// <summary>Who sees a symbol (upper half of st_info).</summary>
public enum ElfBinding : byte
{
    /// <summary>Its object.</summary>
    Local = 0,

    /// <summary>All objects.</summary>
    Global = 1,

    /// <summary>All objects, which may have another one.</summary>
    Weak = 2,
}

/// <summary>What a symbol is (lower half of st_info).</summary>
public enum ElfSymbolType : byte
{
    /// <summary>Not said.</summary>
    None = 0,

    /// <summary>Data.</summary>
    Object = 1,

    /// <summary>A function.</summary>
    Function = 2,

    /// <summary>A section.</summary>
    Section = 3,

    /// <summary>A source file.</summary>
    File = 4,

    /// <summary>Thread-local data.</summary>
    ThreadLocal = 6,
}

/// <summary>Whether a global symbol leaves a shared library (st_other).</summary>
public enum ElfVisibility : byte
{
    /// <summary>It does.</summary>
    Default = 0,

    /// <summary>It does not.</summary>
    Internal = 1,

    /// <summary>It does not.</summary>
    Hidden = 2,

    /// <summary>It does and cannot be replaced.</summary>
    Protected = 3,
}
