using System;
using System.Collections.Generic;
using System.Linq;

namespace AotCompiler.Freestanding.Objects.Elf;

/// <summary>
/// Reduces an object to what its exports need: sections that no relocation leads to are dropped, and every symbol that is no
/// export becomes local or vanishes. So objects of several models can be linked together, and tables for a runtime that is not
/// there are gone.
/// </summary>
public static class ElfReducer
{
    private const string ManagedCode = "__managedcode";
    private const string ArmAttributes = ".ARM.attributes";

    /// <summary>Jumps to functions of other objects, among them those that only unwind tables name.</summary>
    private const string ArmThunks = ".text.thunks";
    private const string ArmUnwinder = "__aeabi_unwind_cpp_pr";

    /// <summary>Tables that only unwinding reads; they lead to code, not code to them.</summary>
    private static readonly string[] _unwindTables = [".eh_frame", ".ARM.exidx", ".ARM.extab", ".dotnet_eh_table"];

    /// <summary>Reduces an object.</summary>
    /// <param name="source">The object; its sections' relocations and names are changed.</param>
    /// <param name="exports">Names of the functions to keep visible, all defined in the object.</param>
    /// <param name="keepNames">True to keep the names of functions that are not exported, for debuggers and profilers.</param>
    /// <exception cref="ObjectFormatException">An export is missing.</exception>
    public static ElfObject Reduce(ElfObject source, IReadOnlyCollection<string> exports, bool keepNames)
    {
        ElfSymbol[] roots = exports.Select(name => source.Symbols.FirstOrDefault(s => s.Name == name && s.Section is not null)
            ?? throw new ObjectFormatException($"the object does not define '{name}'")).ToArray();
        foreach (ElfSection thunks in source.Sections.Where(static s => s.Name == ArmThunks))
        {
            thunks.Relocations.RemoveAll(static r => r.Symbol.Name.StartsWith(ArmUnwinder, StringComparison.Ordinal));
        }

        HashSet<ElfSection> live = Reachable(roots.Select(static r => r.Section!));
        var result = new ElfObject(source.Machine, source.Flags);
        result.Sections.AddRange(source.Sections.Where(s => live.Contains(s) || s.Name == ArmAttributes));
        foreach (ElfSection section in result.Sections.Where(static s => s.Name == ManagedCode))
        {
            section.Name = ".text";
        }

        // Its absence would ask for an executable stack.
        result.Sections.Add(new ElfSection(".note.GNU-stack", ElfSectionType.ProgramBits, ElfSectionFlags.None, 1, default));
        AddSymbols(result, source, roots, keepNames);
        return result;
    }

    private static HashSet<ElfSection> Reachable(IEnumerable<ElfSection> roots)
    {
        var live = new HashSet<ElfSection>();
        var work = new Stack<ElfSection>(roots);
        while (work.TryPop(out ElfSection? section))
        {
            if (!live.Add(section))
            {
                continue;
            }

            if (Array.Exists(_unwindTables, t => section.Name.StartsWith(t, StringComparison.Ordinal)))
            {
                throw new ObjectFormatException($"code refers to the unwind table '{section.Name}'");
            }

            foreach (ElfSection target in section.Relocations.Select(static r => r.Symbol.Section).OfType<ElfSection>())
            {
                work.Push(target);
            }
        }

        return live;
    }

    private static void AddSymbols(ElfObject result, ElfObject source, ElfSymbol[] roots, bool keepNames)
    {
        HashSet<ElfSymbol> visible = [.. roots];
        Dictionary<ElfSection, ElfSymbol> sections = result.HasAddends ? UseSectionSymbols(result, visible) : [];
        HashSet<ElfSymbol> used = [.. result.Sections.SelectMany(static s => s.Relocations).Select(static r => r.Symbol)];
        foreach (ElfSymbol symbol in source.Symbols)
        {
            bool isMapping = result.Machine == ElfMachine.Arm && symbol.Name.StartsWith('$');
            bool isFunction = keepNames && symbol.Type == ElfSymbolType.Function;
            bool isWanted = visible.Contains(symbol) || used.Contains(symbol) || isMapping || isFunction;
            if (!isWanted || (symbol.Section is { } section && !result.Sections.Contains(section)))
            {
                continue;
            }

            if (visible.Contains(symbol))
            {
                symbol.Binding = ElfBinding.Global;
                symbol.Visibility = ElfVisibility.Default;
            }
            else if (!symbol.IsUndefined)
            {
                symbol.Binding = ElfBinding.Local;
                symbol.Visibility = ElfVisibility.Default;
            }

            result.Symbols.Add(symbol);
        }

        result.Symbols.InsertRange(0, result.Sections.Where(sections.ContainsKey).Select(s => sections[s]));
    }

    /// <summary>Lets relocations count from the start of their section, so that the symbols in it are not needed.</summary>
    private static Dictionary<ElfSection, ElfSymbol> UseSectionSymbols(ElfObject target, HashSet<ElfSymbol> visible)
    {
        var symbols = new Dictionary<ElfSection, ElfSymbol>();
        foreach (ElfSection section in target.Sections)
        {
            for (int i = 0; i < section.Relocations.Count; i++)
            {
                ElfRelocation relocation = section.Relocations[i];
                if (relocation.Symbol.Section is not { } place || visible.Contains(relocation.Symbol) || relocation.Symbol.Type == ElfSymbolType.ThreadLocal)
                {
                    continue;
                }

                if (!symbols.TryGetValue(place, out ElfSymbol? start))
                {
                    start = new ElfSymbol { Name = string.Empty, Section = place, Type = ElfSymbolType.Section };
                    symbols.Add(place, start);
                }

                section.Relocations[i] = relocation with { Symbol = start, Addend = relocation.Addend + (long)relocation.Symbol.Value };
            }
        }

        return symbols;
    }

    /// <summary>Symbols that another object would have to define, each with the function that uses it first.</summary>
    /// <param name="target">The object.</param>
    /// <param name="names">Symbols that name the functions in its sections: those of the object before it was reduced.</param>
    public static IReadOnlyList<UndefinedSymbol> Undefined(ElfObject target, IReadOnlyCollection<ElfSymbol> names)
    {
        var found = new Dictionary<string, UndefinedSymbol>(StringComparer.Ordinal);
        foreach (ElfSection section in target.Sections)
        {
            foreach (ElfRelocation relocation in section.Relocations.Where(static r => r.Symbol.IsUndefined))
            {
                ElfSymbol? user = names
                    .Where(s => s.Section == section && s.Type == ElfSymbolType.Function && (s.Value & ~1UL) <= relocation.Offset && relocation.Offset < s.Value + s.Size)
                    .FirstOrDefault();
                found.TryAdd(relocation.Symbol.Name, new UndefinedSymbol(relocation.Symbol.Name, user?.Name ?? section.Name));
            }
        }

        return [.. found.Values.OrderBy(static u => u.Name, StringComparer.Ordinal)];
    }
}

/// <summary>A symbol that an object needs and does not have.</summary>
/// <param name="Name">The symbol.</param>
/// <param name="User">The function that uses it.</param>
public sealed record UndefinedSymbol(string Name, string User);
