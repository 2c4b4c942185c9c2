using System;
using System.Collections.Generic;
using System.Linq;

namespace AotCompiler.Freestanding.Targets;

/// <summary>File formats of objects.</summary>
public enum ObjectFormat
{
    /// <summary>Linux and systems without an operating system.</summary>
    Elf,

    /// <summary>Windows.</summary>
    Coff,

    /// <summary>macOS.</summary>
    MachO,
}

/// <summary>An operating system and processor that freestanding code is made for.</summary>
public sealed record FreestandingTarget
{
    private const string LinuxName = "linux";

    private FreestandingTarget(string name, string system, string architecture, ObjectFormat format, InstructionSet[] sets)
    {
        Name = name;
        System = system;
        Architecture = architecture;
        Format = format;
        InstructionSets = sets;
    }

    /// <summary>All targets.</summary>
    public static IReadOnlyList<FreestandingTarget> All { get; } =
    [
        new("linux-x64", LinuxName, "x64", ObjectFormat.Elf, InstructionSet.X64),
        new("linux-arm64", LinuxName, "arm64", ObjectFormat.Elf, InstructionSet.Arm64),
        new("linux-arm", LinuxName, "arm", ObjectFormat.Elf, InstructionSet.Arm),
        new("none-armv7em", LinuxName, "arm", ObjectFormat.Elf, InstructionSet.Arm) { HasNoDouble = true },
        new("win-x64", "windows", "x64", ObjectFormat.Coff, InstructionSet.X64),
        new("win-arm64", "windows", "arm64", ObjectFormat.Coff, InstructionSet.Arm64),
        new("osx-x64", "osx", "x64", ObjectFormat.MachO, InstructionSet.X64),
        new("osx-arm64", "osx", "arm64", ObjectFormat.MachO, InstructionSet.Arm64),
    ];

    /// <summary>What users call it.</summary>
    public string Name { get; }

    /// <summary>The operating system, as ILC calls it; its calling convention and object format are used.</summary>
    public string System { get; }

    /// <summary>The processor, as ILC calls it.</summary>
    public string Architecture { get; }

    /// <summary>Format of its objects.</summary>
    public ObjectFormat Format { get; }

    /// <summary>Instruction sets that code can be made for, the least demanding first.</summary>
    public IReadOnlyList<InstructionSet> InstructionSets { get; }

    /// <summary>True if one object can hold code of several instruction sets and choose when it runs.</summary>
    public bool ChoosesAtRunTime => Format == ObjectFormat.Elf && InstructionSets.Count > 1;

    /// <summary>The instruction set that nearly every machine of the last decade has.</summary>
    public InstructionSet Usual => Name == "osx-arm64" ? InstructionSets[^1] : Architecture == "x64" ? InstructionSets[1] : InstructionSets[0];

    /// <summary>False if the code runs without an operating system.</summary>
    public bool HasSystem => !Name.StartsWith("none-", StringComparison.Ordinal);

    /// <summary>True if the processor computes with 32-bit floats only.</summary>
    public bool HasNoDouble { get; private init; }

    /// <summary>Extension of object files.</summary>
    public string ObjectExtension => Format == ObjectFormat.Coff ? ".obj" : ".o";

    /// <summary>The target of a name; null if there is none.</summary>
    public static FreestandingTarget? TryParse(string name) => All.FirstOrDefault(t => string.Equals(t.Name, name, StringComparison.OrdinalIgnoreCase));

    /// <summary>True if code can be made for the instruction set of a name, or for all of several that are joined by bars.</summary>
    public bool Has(string isa) => isa.Split('|').All(name => Find(name) is not null);

    /// <summary>The instruction set of a name; null if the target has none of it.</summary>
    public InstructionSet? Find(string isa) => InstructionSets.FirstOrDefault(set => string.Equals(set.Name, isa, StringComparison.OrdinalIgnoreCase));

    /// <inheritdoc/>
    public override string ToString() => Name;
}
