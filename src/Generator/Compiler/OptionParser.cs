using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Text;
using AotCompiler.Collections;
using AotCompiler.Diagnostics;
using AotCompiler.Emission;
using AotCompiler.Import;

namespace AotCompiler.Compiler;

/// <summary>The user's choices for one model as text, from a project item, a command line or an option file. Null or empty means: not said.</summary>
internal sealed record OptionTexts
{
    /// <summary>Name of the generated class.</summary>
    public string? ClassName { get; init; }

    /// <summary>Namespace of the generated class.</summary>
    public string? Namespace { get; init; }

    /// <summary>The project's root namespace, which is the default namespace; need not be made of identifiers.</summary>
    public string? RootNamespace { get; init; }

    /// <summary><c>public</c> or <c>internal</c>.</summary>
    public string? Accessibility { get; init; }

    /// <summary><c>NAME=VALUE</c>, separated by <c>;</c>, <c>,</c> or line ends.</summary>
    public string? Dimensions { get; init; }

    /// <summary><c>OUTPUT:INPUT</c>, separated by <c>;</c> or line ends.</summary>
    public string? State { get; init; }

    /// <summary>A name that <see cref="TargetIsa.TryParse"/> knows.</summary>
    public string? Isa { get; init; }

    /// <summary>Bytes.</summary>
    public string? InlineWeightLimit { get; init; }

    /// <summary><c>balanced</c>, <c>size</c> or <c>speed</c>.</summary>
    public string? Optimize { get; init; }

    /// <summary><c>true</c> or <c>false</c>.</summary>
    public string? Winograd { get; init; }

    /// <summary><c>true</c> to export C functions.</summary>
    public string? NativeExports { get; init; }

    /// <summary>With what the names of the C functions begin.</summary>
    public string? NativeName { get; init; }

    /// <summary><c>library</c> or <c>caller</c>: who has the weights of the C functions.</summary>
    public string? NativeWeights { get; init; }

    /// <summary>KiB.</summary>
    public string? MemoryBudget { get; init; }

    /// <summary>Milliseconds that a run may be estimated to take.</summary>
    public string? BudgetMs { get; init; }

    /// <summary><c>true</c> if the project checks integer overflow by default.</summary>
    public string? CheckOverflow { get; init; }
}

/// <summary>Turns <see cref="OptionTexts"/> into <see cref="CompilerOptions"/>, the same way for every front end.</summary>
internal static class OptionParser
{
    private static readonly char[] _stateSeparators = { ';', '\n', '\r' };

    private static readonly char[] _dimensionSeparators = { ';', ',', '\n', '\r' };

    /// <summary>Parses all options of one model.</summary>
    /// <param name="modelPath">Path of the model, whose file name names it.</param>
    /// <param name="texts">The choices.</param>
    /// <exception cref="ModelException">AOTC0401: an option is malformed; the message shows the right form.</exception>
    public static CompilerOptions Parse(string modelPath, OptionTexts texts)
    {
        var defaults = new CompilerOptions { ModelName = Path.GetFileNameWithoutExtension(modelPath) };
        NativeOptions? native = Native(texts);
        return defaults with
        {
            ClassName = IsSet(texts.ClassName) ? Identifier(texts.ClassName!.Trim(), "ClassName") : null,
            Namespace = IsSet(texts.Namespace) ? NamespaceName(texts.Namespace!.Trim()) : DefaultNamespace(texts.RootNamespace ?? string.Empty),
            IsPublic = !IsSet(texts.Accessibility) ? defaults.IsPublic : IsPublic(texts.Accessibility!.Trim()),
            Dimensions = Dimensions(texts.Dimensions ?? string.Empty),
            States = new EquatableArray<StatePair>((texts.State ?? string.Empty).Split(_stateSeparators).Where(IsSet).Select(State)),
            Isa = IsSet(texts.Isa) ? Isa(texts.Isa!.Trim()) : defaults.Isa,

            // C functions use the weights in place, and only an assembly of their own gives them the alignment of vectors.
            InlineWeightLimit = IsSet(texts.InlineWeightLimit) ? ByteCount(texts.InlineWeightLimit!.Trim()) : native is null ? defaults.InlineWeightLimit : 0,
            Optimize = IsSet(texts.Optimize) ? Optimize(texts.Optimize!.Trim()) : defaults.Optimize,
            Winograd = IsSet(texts.Winograd) ? Flag(texts.Winograd!.Trim(), "Winograd") : defaults.Winograd,
            Native = native,
            MemoryBudget = IsSet(texts.MemoryBudget) ? MemoryBudget(texts.MemoryBudget!.Trim()) : null,
            BudgetMilliseconds = IsSet(texts.BudgetMs) ? Budget.Parse(texts.BudgetMs!, "BudgetMs") : null,
            CheckOverflow = string.Equals(texts.CheckOverflow?.Trim(), "true", StringComparison.OrdinalIgnoreCase),
        };
    }

    /// <summary>Parses a list of dimensions, <c>batch=1;seq=128</c>. A name that is given twice must have one value.</summary>
    public static EquatableArray<DimensionBinding> Dimensions(string text) =>
        Distinct(text.Split(_dimensionSeparators).Where(IsSet).Select(Dimension));

    /// <summary>Joins bindings that were parsed one by one, as repeated <c>--dim</c> options are.</summary>
    public static EquatableArray<DimensionBinding> Distinct(IEnumerable<DimensionBinding> bindings)
    {
        var values = new SortedDictionary<string, DimensionBinding>(StringComparer.Ordinal);
        foreach (DimensionBinding binding in bindings)
        {
            if (values.TryGetValue(binding.Name, out DimensionBinding? other) && other != binding)
            {
                throw Invalid($"Dimension '{binding.Name}' is given two values, {Describe(other)} and {Describe(binding)}. Give it one.");
            }

            values[binding.Name] = binding;
        }

        return new EquatableArray<DimensionBinding>(values.Values);
    }

    /// <summary>
    /// Parses one dimension: <c>NAME=VALUE</c>, or <c>NAME=FIRST..LAST</c> for one that each run chooses, or <c>NAME=FIRST..LAST:STEP</c>
    /// if all its values are multiples of a step. The name may be any text, an equals sign included.
    /// </summary>
    public static DimensionBinding Dimension(string text)
    {
        int equals = text.LastIndexOf('=');
        string name = equals < 0 ? string.Empty : text.Substring(0, equals).Trim();
        string values = text.Substring(equals + 1);
        int dots = values.IndexOf("..", StringComparison.Ordinal);
        if (name.Length > 0 && dots >= 0)
        {
            return Range(name, values, dots);
        }

        if (name.Length == 0 || !TryParseCount(values, out int value))
        {
            throw Invalid($"'{text.Trim()}' is not a dimension. Write NAME=VALUE with a value from 0 to {int.MaxValue}, several separated by semicolons: batch=1;seq=128; or NAME=FIRST..LAST for one that each run chooses: seq=1..512.");
        }

        return new DimensionBinding(name, value);
    }

    /// <summary>Parses a pair of an output and the input it feeds, <c>OUTPUT:INPUT</c>.</summary>
    public static StatePair State(string text)
    {
        var pair = new StatePair(text.Trim());
        return pair.Readings.Any(static r => r.Output.Length > 0 && r.Input.Length > 0)
            ? pair
            : throw Invalid($"'{pair.Text}' is not a state. Write OUTPUT:INPUT, several separated by semicolons: hn:h;cn:c.");
    }

    private static DimensionBinding Range(string name, string text, int dots)
    {
        string[] end = text.Substring(dots + 2).Split(':');
        int step = 1;
        if (!TryParseCount(text.Substring(0, dots), out int first) || !TryParseCount(end[0], out int last)
            || end.Length > 2 || (end.Length == 2 && !TryParseCount(end[1], out step))
            || first < (DataSizes.IsName(name) ? 0 : 1) || last < first || step < 1 || first % step != 0 || last % step != 0)
        {
            throw Invalid($"'{text.Trim()}' is not a range of dimension '{name}'. Write FIRST..LAST with 1 <= FIRST <= LAST, and :STEP behind it if all values are multiples of a step, as both ends must be then: {name}=1..512 or {name}=32..512:32.");
        }

        return first == last ? new DimensionBinding(name, last) : new DimensionBinding(name, last) { Minimum = first, Step = step };
    }

    private static string Describe(DimensionBinding binding) => !binding.IsRange ? $"{binding.Value}"
        : $"{binding.Minimum}..{binding.Value}{(binding.Step == 1 ? string.Empty : $":{binding.Step}")}";

    private static NativeOptions? Native(OptionTexts texts)
    {
        if (!IsSet(texts.NativeExports) || !Flag(texts.NativeExports!.Trim(), "NativeExports"))
        {
            return null;
        }

        string? name = IsSet(texts.NativeName) ? LibraryName(texts.NativeName!.Trim()) : null;
        return new NativeOptions(name, IsSet(texts.NativeWeights) && CallerWeights(texts.NativeWeights!.Trim()));
    }

    /// <summary>Checks the name of a C library, with which its functions begin.</summary>
    public static string LibraryName(string text) => CNames.IsLibrary(text)
        ? text
        : throw Invalid($"'{text}' cannot be the name of a C library. Write letters A to Z, digits and single underscores, not beginning with a digit, no keyword of C or C++ and no system header: {CNames.Library(text)}.");

    /// <summary>Parses who has the weights of the C functions: true for the caller.</summary>
    public static bool CallerWeights(string text) => text.ToLowerInvariant() switch
    {
        "library" => false,
        "caller" => true,
        _ => throw Invalid($"NativeWeights '{text}' is unknown. Write library, for weights inside the C library, or caller, for a file that the program loads and passes."),
    };

    /// <summary>Parses the name of an instruction set.</summary>
    public static TargetIsa Isa(string text) =>
        TargetIsa.TryParse(text) ?? throw Invalid($"'{text}' is not a known instruction set. Known are: {TargetIsa.KnownNames}.");

    /// <summary>Parses a memory budget in KiB.</summary>
    public static int MemoryBudget(string text) => TryParseCount(text, out int value) && value <= CompilerOptions.LargestMemoryBudget
        ? value
        : throw Invalid($"MemoryBudget '{text}' is not a number of KiB from 0 to {CompilerOptions.LargestMemoryBudget}. Write digits only: 512.");

    /// <summary>Parses what code is written for.</summary>
    public static OptimizationGoal Optimize(string text) => text.ToLowerInvariant() switch
    {
        "balanced" => OptimizationGoal.Balanced,
        "size" => OptimizationGoal.Size,
        "speed" => OptimizationGoal.Speed,
        _ => throw Invalid($"Optimize '{text}' is unknown. Write balanced, size or speed."),
    };

    /// <summary>Makes a namespace of a project's root namespace, which may hold characters that C# does not allow.</summary>
    public static string DefaultNamespace(string rootNamespace) =>
        string.Join(".", rootNamespace.Split('.').Select(static part => part.Trim()).Where(IsSet).Select(ToIdentifier));

    private static bool IsSet(string? text) => !string.IsNullOrWhiteSpace(text);

    private static ModelException Invalid(string message) => new(DiagnosticCodes.OptionInvalid, message);

    private static bool TryParseCount(string text, out int value) =>
        int.TryParse(text.Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out value);

    private static int ByteCount(string text) => TryParseCount(text, out int value)
        ? value
        : throw Invalid($"InlineWeightLimit '{text}' is not a number of bytes. Write digits only: {CompilerOptions.DefaultInlineWeightLimit}.");

    private static bool Flag(string text, string option) => bool.TryParse(text, out bool value)
        ? value
        : throw Invalid($"{option} '{text}' is neither true nor false.");

    private static bool IsPublic(string text) => text.ToLowerInvariant() switch
    {
        "public" => true,
        "internal" => false,
        _ => throw Invalid($"Accessibility '{text}' is unknown. Write public or internal."),
    };

    private static string NamespaceName(string text)
    {
        foreach (string part in text.Split('.'))
        {
            Identifier(part, "Namespace");
        }

        return text;
    }

    private static string Identifier(string text, string option) => NameSanitizer.IsIdentifier(text)
        ? text
        : throw Invalid($"{option} '{text}' is not a C# name that can be used. Write letters A to Z, digits and underscores, not beginning with a digit, and no keyword: {option}=\"{ToIdentifier(text)}\".");

    private static string ToIdentifier(string text)
    {
        var name = new StringBuilder(text.Length + 1);
        foreach (char c in text)
        {
            name.Append(NameSanitizer.IsIdentifier($"_{c}") ? c : '_');
        }

        return NameSanitizer.IsIdentifier(name.ToString()) ? name.ToString() : $"_{name}";
    }
}
