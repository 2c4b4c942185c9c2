using System;
using System.Collections.Generic;
using System.Linq;

namespace AotCompiler.Freestanding.Objects.Elf;

/// <summary>Joins objects into one: sections stay as they are, and symbols that one object defines satisfy the others.</summary>
public static class ElfMerger
{
    /// <summary>Merges objects of one processor.</summary>
    /// <exception cref="ObjectFormatException">The objects are for different processors, or two define the same global symbol.</exception>
    public static ElfObject Merge(IReadOnlyList<ElfObject> objects)
    {
        var result = new ElfObject(objects[0].Machine, objects[0].Flags);
        Dictionary<string, ElfSymbol> defined = Definitions(objects);
        var undefined = new Dictionary<string, ElfSymbol>(StringComparer.Ordinal);
        foreach (ElfObject part in objects)
        {
            if (part.Machine != result.Machine || part.Flags != result.Flags)
            {
                throw new ObjectFormatException($"objects for {result.Machine} ({result.Flags:x}) and {part.Machine} ({part.Flags:x}) cannot be one");
            }

            result.Sections.AddRange(part.Sections);
            result.Symbols.AddRange(part.Symbols.Where(static s => !s.IsUndefined));
            foreach (ElfSection section in part.Sections)
            {
                for (int i = 0; i < section.Relocations.Count; i++)
                {
                    ElfRelocation relocation = section.Relocations[i];
                    if (relocation.Symbol.IsUndefined)
                    {
                        section.Relocations[i] = relocation with { Symbol = Resolve(relocation.Symbol, defined, undefined) };
                    }
                }
            }
        }

        result.Symbols.AddRange(undefined.Values);
        return result;
    }

    private static Dictionary<string, ElfSymbol> Definitions(IEnumerable<ElfObject> objects)
    {
        var defined = new Dictionary<string, ElfSymbol>(StringComparer.Ordinal);
        foreach (ElfSymbol symbol in objects.SelectMany(static o => o.Symbols).Where(static s => s.Binding != ElfBinding.Local && !s.IsUndefined))
        {
            if (!defined.TryAdd(symbol.Name, symbol))
            {
                throw new ObjectFormatException($"two objects define '{symbol.Name}'");
            }
        }

        return defined;
    }

    private static ElfSymbol Resolve(ElfSymbol wanted, Dictionary<string, ElfSymbol> defined, Dictionary<string, ElfSymbol> undefined)
    {
        if (defined.TryGetValue(wanted.Name, out ElfSymbol? symbol) || undefined.TryGetValue(wanted.Name, out symbol))
        {
            return symbol;
        }

        undefined.Add(wanted.Name, wanted);
        return wanted;
    }
}
