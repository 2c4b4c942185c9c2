using System;
using System.Collections.Generic;
using System.Linq;
using AotCompiler.Freestanding.Objects.Elf;

namespace AotCompiler.Freestanding.Thumb;

/// <summary>
/// The functions of an object for 32-bit Arm and their calls. Calls through tables in data are not followed, since generated code has none.
/// </summary>
internal sealed class ThumbProgram
{
    private readonly Dictionary<Place, ThumbFunction> _functions;
    private readonly Dictionary<ThumbFunction, IReadOnlyList<ThumbFunction>> _calls = [];

    /// <param name="code">An object with the names of its functions.</param>
    /// <exception cref="ArgumentException">The object is for another processor.</exception>
    public ThumbProgram(ElfObject code)
    {
        if (code.Machine != ElfMachine.Arm)
        {
            throw new ArgumentException($"The object is for {code.Machine}.", nameof(code));
        }

        _functions = code.Symbols
            .Where(static s => s is { Type: ElfSymbolType.Function, Section.Data.Length: > 0 })
            .GroupBy(static s => new Place(s.Section!, s.Value & ~1UL))
            .ToDictionary(static g => g.Key, static g => new ThumbFunction(g.Key.Section, g.Key.Value, g.Max(static s => s.Size), [.. g.Select(static s => s.Name)]));
    }

    /// <summary>All functions.</summary>
    public IReadOnlyCollection<ThumbFunction> Functions => _functions.Values;

    /// <summary>The functions of some names.</summary>
    public IEnumerable<ThumbFunction> Named(IReadOnlyCollection<string> names) => _functions.Values.Where(f => f.Names.Any(names.Contains));

    /// <summary>The functions that a function calls, or whose address it takes.</summary>
    public IReadOnlyList<ThumbFunction> CallsOf(ThumbFunction function)
    {
        if (!_calls.TryGetValue(function, out IReadOnlyList<ThumbFunction>? calls))
        {
            _calls.Add(function, calls = FindCalls(function).Distinct().ToArray());
        }

        return calls;
    }

    private List<ThumbFunction> FindCalls(ThumbFunction function)
    {
        var calls = new List<ThumbFunction>();
        ThumbInstruction beforeLast = default;
        ThumbInstruction last = default;
        foreach ((int at, ThumbInstruction instruction) in function.Instructions())
        {
            long? distance = instruction.BranchDistance ?? AddressDistance(beforeLast, last, instruction);
            if (distance is { } bytes && _functions.TryGetValue(new Place(function.Section, (ulong)((long)function.Start + at + 4 + bytes)), out ThumbFunction? target))
            {
                calls.Add(target);
            }

            (beforeLast, last) = (last, instruction);
        }

        foreach (ElfRelocation relocation in function.Section.Relocations.Where(r => r.Symbol.Section is not null && function.Contains(r.Offset)))
        {
            if (_functions.TryGetValue(new Place(relocation.Symbol.Section!, relocation.Symbol.Value & ~1UL), out ThumbFunction? target))
            {
                calls.Add(target);
            }
        }

        return calls;
    }

    /// <summary>How the compiler takes addresses: MOVW, MOVT, and the program counter added. Those of functions are odd.</summary>
    private static long? AddressDistance(ThumbInstruction low, ThumbInstruction high, ThumbInstruction add) =>
        low.Half(upper: false) is var (register, lower) && high.Half(upper: true) is var (same, upper) && register == same && add.AddsProgramCounter(register)
            ? (int)((upper << 16) | (lower & ~1u))
            : null;

    /// <summary>A place in a section.</summary>
    private readonly record struct Place(ElfSection Section, ulong Value);
}

/// <summary>A function.</summary>
/// <param name="section">Where it lies.</param>
/// <param name="start">Offset of its first instruction.</param>
/// <param name="size">Bytes.</param>
/// <param name="names">All its names.</param>
internal sealed class ThumbFunction(ElfSection section, ulong start, ulong size, IReadOnlyList<string> names)
{
    public ElfSection Section => section;

    public ulong Start => start;

    public IReadOnlyList<string> Names => names;

    /// <summary>True if an offset of the section is inside.</summary>
    public bool Contains(ulong offset) => offset >= start && offset - start < size;

    /// <summary>The instructions in order, with their offsets from the start.</summary>
    public IEnumerable<(int At, ThumbInstruction Instruction)> Instructions()
    {
        ReadOnlyMemory<byte> all = section.Data;
        int first = (int)Math.Min(start, (ulong)all.Length);
        ReadOnlyMemory<byte> code = all.Slice(first, (int)Math.Min(size, (ulong)(all.Length - first)));
        for (int at = 0; at + 2 <= code.Length;)
        {
            ThumbInstruction instruction = ThumbInstruction.Read(code.Span, at);
            yield return (at, instruction);
            at += instruction.Size;
        }
    }
}
