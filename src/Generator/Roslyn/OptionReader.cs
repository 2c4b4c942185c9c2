using System;
using AotCompiler.Compiler;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace AotCompiler.Roslyn;

/// <summary>Reads what the project says about one model: metadata of the item, then properties of the project.</summary>
internal sealed class OptionReader
{
    private readonly AnalyzerConfigOptions _item;
    private readonly AnalyzerConfigOptions _project;

    public OptionReader(AnalyzerConfigOptionsProvider provider, AdditionalText text)
    {
        _item = provider.GetOptions(text);
        _project = provider.GlobalOptions;
    }

    public OptionTexts Texts => new()
    {
        ClassName = Metadata("ClassName"),
        Namespace = Metadata("Namespace"),
        RootNamespace = Property("RootNamespace"),
        Accessibility = Metadata("Accessibility"),
        Dimensions = Unescape(Metadata("AotCompilerDimensions")) ?? Metadata("Dimensions"),
        State = Unescape(Metadata("AotCompilerState")) ?? Metadata("State"),
        Isa = Metadata("Isa") ?? Property("AotCompilerIsa"),
        InlineWeightLimit = Metadata("InlineWeightLimit") ?? Property("AotCompilerInlineWeightLimit"),
        Optimize = Metadata("Optimize") ?? Property("AotCompilerOptimize"),
        Winograd = Metadata("Winograd") ?? Property("AotCompilerWinograd"),
        NativeExports = Metadata("NativeExports") ?? Property("AotCompilerNativeExports"),
        NativeName = Metadata("NativeName"),
        NativeWeights = Metadata("NativeWeights") ?? Property("AotCompilerNativeWeights"),
        MemoryBudget = Metadata("MemoryBudget") ?? Property("AotCompilerMemoryBudget"),
        BudgetMs = Metadata("BudgetMs") ?? Property("AotCompilerBudgetMs"),
        CheckOverflow = Property("CheckForOverflowUnderflow"),
    };

    /// <summary>True if an editor asks and the weights were never packed.</summary>
    public bool WeightsPending => string.Equals(Metadata("AotCompilerWeightsPending"), "true", StringComparison.OrdinalIgnoreCase);

    // The file in which MSBuild hands values over ends a value at a semicolon or number sign, so the targets escape them.
    private static string? Unescape(string? text) => text is null ? null : Uri.UnescapeDataString(text);

    private string? Metadata(string name) => NonEmpty(_item, $"build_metadata.AdditionalFiles.{name}");

    private string? Property(string name) => NonEmpty(_project, $"build_property.{name}");

    private static string? NonEmpty(AnalyzerConfigOptions options, string key) =>
        options.TryGetValue(key, out string? value) && !string.IsNullOrWhiteSpace(value) ? value : null;
}
