using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using AotCompiler.Cli.Compilation;
using AotCompiler.Cli.Native;
using AotCompiler.Compiler;
using AotCompiler.Diagnostics;
using AotCompiler.Emission;
using AotCompiler.Freestanding.Ilc;
using AotCompiler.Freestanding.Targets;

namespace AotCompiler.Cli.Commands;

/// <summary>What one call of <see cref="NativeCommand"/> is to do: a model's libraries for one target.</summary>
/// <param name="file">The request.</param>
/// <param name="model">The request for the model's packed weights, which has the options that do not depend on the target.</param>
internal sealed class NativeRequest(RequestFile file, RequestFile model)
{
    /// <summary>Path of the ONNX file.</summary>
    public string Model => model.Required("model");

    /// <summary>Path of the file that says the work is done.</summary>
    public string Record => file.Required("record");

    /// <summary>Folder for the libraries.</summary>
    public string Folder => file.Required("folder");

    /// <summary>Reads a request file and that of the model, which it names.</summary>
    /// <exception cref="FormatException">A line is no <c>key=value</c>, or a path is missing.</exception>
    public static NativeRequest Read(string path)
    {
        RequestFile file = RequestFile.Read(path);
        return new NativeRequest(file, RequestFile.Read(file.Required("modelRequest")));
    }

    /// <summary>The work.</summary>
    /// <exception cref="ModelException">The model cannot be read, or an option is malformed (AOTC0401).</exception>
    public NativeOrder ToOrder()
    {
        ModelSource source = ModelSource.Read(Model);
        (string target, string? isa) = Target(file.Required("target"));
        return new NativeOrder(source, Options(source, target, isa), Kinds(file.ItemOrProject("kind")), target, Folder)
        {
            ProgramName = source.Title,
            HasRuntime = Runtime(file.ItemOrProject("runtime")),
            BudgetMilliseconds = ForTarget(file.ItemOrProject("budgetMs"), target, "NativeBudgetMs"),
            BudgetKilobytes = ForTarget(file.ItemOrProject("budgetKb"), target, "NativeBudgetKb"),
            Packages = PackageSources.Of(file.Optional("packageFolders") ?? string.Empty, Path.GetDirectoryName(file.Required("project"))!),
        };
    }

    /// <summary>The options of <c>aotc build</c>: nothing of the project's own class reaches the library, so that both make the same bytes.</summary>
    private CompilerOptions Options(ModelSource source, string target, string? isa)
    {
        OptionTexts texts = model.Options;
        CompilerOptions options = OptionParser.Parse(Model, texts with
        {
            ClassName = null,
            Namespace = null,
            RootNamespace = null,
            InlineWeightLimit = null,
            NativeExports = "true",
            NativeName = texts.NativeName ?? CNames.Library(source.Title),
            Isa = isa ?? (texts.Isa is { } own && IsKnown(target, OptionParser.Isa(own).Name) ? own : null),
        });
        string? tuning = model.Optional("tuning");
        return options with { Tuning = tuning is not null && File.Exists(tuning) ? TuningFile.Parse(tuning, File.ReadAllText(tuning)) : null };
    }

    /// <summary>False for a project's instruction set that is one of another processor: the target then has its usual ones.</summary>
    private static bool IsKnown(string target, string isa) => FreestandingTarget.TryParse(target) is not { } known || isa == "baseline" || known.Has(isa);

    /// <summary>A target and, behind a colon, its instruction set.</summary>
    private static (string Target, string? Isa) Target(string text)
    {
        string[] parts = text.Split(':', 2, StringSplitOptions.TrimEntries);
        return (parts[0], parts.Length == 2 ? parts[1] : null);
    }

    private static IReadOnlyList<OutputKind> Kinds(string? text) => Words(text)
        .Select(static word => OutputKinds.TryParse(word.ToLowerInvariant()) ?? throw Invalid($"NativeKind '{word}' is unknown. Write {string.Join(", ", OutputKinds.Words)}, or several separated by semicolons."))
        .Distinct()
        .ToArray();

    private static bool? Runtime(string? text) => text?.Trim().ToLowerInvariant() switch
    {
        null => null,
        "dotnet" => true,
        "none" => false,
        _ => throw Invalid($"NativeRuntime '{text.Trim()}' is unknown. Write none, for code without a runtime, or dotnet."),
    };

    /// <summary>The budget of a target: its own, <c>TARGET=NUMBER</c>, or else that of all.</summary>
    private static double? ForTarget(string? text, string target, string option)
    {
        double? all = null;
        double? own = null;
        foreach (string word in Words(text))
        {
            string[] parts = word.Split('=', 2, StringSplitOptions.TrimEntries);
            double value = Budget.Parse(parts[^1], option);
            if (parts.Length == 1)
            {
                all = value;
            }
            else if (string.Equals(parts[0], target, StringComparison.OrdinalIgnoreCase))
            {
                own = value;
            }
        }

        return own ?? all;
    }

    private static string[] Words(string? text) => (text ?? string.Empty).Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    private static ModelException Invalid(string message) => new(DiagnosticCodes.OptionInvalid, message);
}
