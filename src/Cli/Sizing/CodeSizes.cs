using System;
using System.Collections.Generic;
using System.Linq;
using AotCompiler.Emission;
using AotCompiler.Freestanding.Objects.Elf;

namespace AotCompiler.Cli.Sizing;

/// <summary>Bytes of machine code, read from an object that still has the names of its functions.</summary>
internal sealed class CodeSizes
{
    private readonly IReadOnlyList<(string Name, long Bytes)> _functions;

    private CodeSizes(IReadOnlyList<(string Name, long Bytes)> functions, long text, long constants)
    {
        _functions = functions;
        TextBytes = text;
        ConstantBytes = constants;
    }

    /// <summary>All machine code, with what aligns functions.</summary>
    public long TextBytes { get; }

    /// <summary>Read-only data beside the code and the weights: constants of vector operations, jump tables, the strings of the C functions.</summary>
    public long ConstantBytes { get; }

    /// <summary>What a program gets that links the code, without weights.</summary>
    public long TotalBytes => TextBytes + ConstantBytes;

    /// <summary>Reads an object.</summary>
    /// <param name="code">The object.</param>
    /// <param name="weightBytes">Bytes of read-only data that are weights.</param>
    public static CodeSizes Read(ElfObject code, long weightBytes)
    {
        ElfSection[] loaded = code.Sections.Where(static s => s.Flags.HasFlag(ElfSectionFlags.Alloc)).ToArray();
        long text = loaded.Where(static s => s.Flags.HasFlag(ElfSectionFlags.Execute)).Sum(static s => (long)s.Size);
        long data = loaded.Where(static s => !s.Flags.HasFlag(ElfSectionFlags.Execute)).Sum(static s => (long)s.Size);
        (string, long)[] functions = code.Symbols
            .Where(static s => s.Section is { } section && section.Flags.HasFlag(ElfSectionFlags.Execute) && s.Size > 0)
            .GroupBy(static s => (s.Section, s.Value))
            .Select(static g => (g.First().Name, (long)g.Max(static s => s.Size)))
            .ToArray();
        return new CodeSizes(functions, text, Math.Max(0, data - weightBytes));
    }

    /// <summary>Bytes of a step's method and its parts.</summary>
    public long Of(GeneratedMethod method) => Functions(method).Sum(static f => f.Bytes);

    /// <summary>Symbols of a step's method and its parts.</summary>
    public IEnumerable<string> NamesOf(GeneratedMethod method) => Functions(method).Select(static f => f.Name);

    /// <summary>Functions that belong to none of the methods: the exported ones, the one that calls the steps, mathematics that is not inlined.</summary>
    public IEnumerable<(string Name, long Bytes)> Others(IReadOnlyList<GeneratedMethod> methods)
    {
        var known = new HashSet<string>(methods.SelectMany(Functions).Select(static f => f.Name), StringComparer.Ordinal);
        return _functions.Where(f => !known.Contains(f.Name)).OrderByDescending(static f => f.Bytes);
    }

    /// <summary>ILC puts the names of namespace and classes before that of the method.</summary>
    private IEnumerable<(string Name, long Bytes)> Functions(GeneratedMethod method) => _functions.Where(f =>
    {
        int at = f.Name.LastIndexOf("__" + method.Name, StringComparison.Ordinal);
        int end = at + 2 + method.Name.Length;
        return at >= 0 && (end == f.Name.Length || f.Name[end] == '_');
    });
}
