using System;
using System.Collections.Generic;
using System.Linq;
using AotCompiler.Freestanding.Objects.Elf;

namespace AotCompiler.Freestanding.Thumb;

/// <summary>
/// Looks for instructions of 64-bit floats in code for processors that lack them: there they fault when they are met. Only
/// functions that exports reach by calls count. Calls through tables in data are not followed, since generated code has none.
/// </summary>
public static class DoublePrecision
{
    /// <summary>The calls that lead from an export to the first function with such an instruction, which is the last of them.</summary>
    /// <param name="code">An object with the names of its functions.</param>
    /// <param name="exports">Names of the functions that are called from outside.</param>
    /// <returns>Names of functions; null if there is no such instruction.</returns>
    /// <exception cref="ArgumentException">The object is for another processor.</exception>
    public static IReadOnlyList<string>? Find(ElfObject code, IReadOnlyCollection<string> exports)
    {
        if (code.Machine != ElfMachine.Arm)
        {
            throw new ArgumentException($"The object is for {code.Machine}.", nameof(code));
        }

        Dictionary<Place, Function> functions = Functions(code);
        var callers = new Dictionary<Function, Function?>();
        var work = new Queue<Function>();
        foreach (Function root in functions.Values.Where(f => f.Symbols.Exists(s => exports.Contains(s.Name))))
        {
            Reach(root, null);
        }

        while (work.TryDequeue(out Function? function))
        {
            if (ReadCalls(function, functions, called => Reach(called, function)))
            {
                return Path(function, callers);
            }
        }

        return null;

        void Reach(Function function, Function? caller)
        {
            if (callers.TryAdd(function, caller))
            {
                work.Enqueue(function);
            }
        }
    }

    private static Dictionary<Place, Function> Functions(ElfObject code) => code.Symbols
        .Where(static s => s is { Type: ElfSymbolType.Function, Section.Data.Length: > 0 })
        .GroupBy(static s => new Place(s.Section!, s.Value & ~1UL))
        .ToDictionary(static g => g.Key, static g => new Function(g.Key, g.Max(static s => s.Size), [.. g]));

    /// <summary>Reads a function's instructions up to the first of 64-bit floats, and tells what it calls.</summary>
    /// <returns>True if there is one.</returns>
    private static bool ReadCalls(Function function, Dictionary<Place, Function> functions, Action<Function> call)
    {
        ReadOnlySpan<byte> code = function.Code;
        ThumbInstruction beforeLast = default;
        ThumbInstruction last = default;
        for (int at = 0; at + 2 <= code.Length;)
        {
            ThumbInstruction instruction = ThumbInstruction.Read(code, at);
            if (instruction.NeedsDoublePrecision)
            {
                return true;
            }

            long? distance = instruction.BranchDistance ?? AddressDistance(beforeLast, last, instruction);
            if (distance is { } bytes && functions.TryGetValue(function.Place.Offset((long)at + 4 + bytes), out Function? target))
            {
                call(target);
            }

            at += instruction.Size;
            (beforeLast, last) = (last, instruction);
        }

        foreach (ElfRelocation relocation in function.Place.Section.Relocations.Where(r => r.Symbol.Section is not null && function.Contains(r.Offset)))
        {
            if (functions.TryGetValue(new Place(relocation.Symbol.Section!, relocation.Symbol.Value & ~1UL), out Function? target))
            {
                call(target);
            }
        }

        return false;
    }

    /// <summary>How the compiler takes addresses: MOVW, MOVT, and the program counter added. Those of functions are odd.</summary>
    private static long? AddressDistance(ThumbInstruction low, ThumbInstruction high, ThumbInstruction add) =>
        low.Half(upper: false) is var (register, lower) && high.Half(upper: true) is var (same, upper) && register == same && add.AddsProgramCounter(register)
            ? (int)((upper << 16) | (lower & ~1u))
            : null;

    private static List<string> Path(Function last, Dictionary<Function, Function?> callers)
    {
        var path = new List<string>();
        for (Function? f = last; f is not null; f = callers[f])
        {
            path.Insert(0, f.Symbols[0].Name);
        }

        return path;
    }

    /// <summary>A place in a section.</summary>
    private readonly record struct Place(ElfSection Section, ulong Value)
    {
        public Place Offset(long bytes) => this with { Value = (ulong)((long)Value + bytes) };
    }

    /// <summary>A function, with all its names.</summary>
    private sealed class Function(Place place, ulong size, List<ElfSymbol> symbols)
    {
        public Place Place => place;

        public List<ElfSymbol> Symbols => symbols;

        public ReadOnlySpan<byte> Code
        {
            get
            {
                ReadOnlySpan<byte> section = place.Section.Data.Span;
                int start = (int)Math.Min(place.Value, (ulong)section.Length);
                return section.Slice(start, (int)Math.Min(size, (ulong)(section.Length - start)));
            }
        }

        public bool Contains(ulong offset) => offset >= place.Value && offset - place.Value < size;
    }
}
