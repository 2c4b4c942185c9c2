using System;
using System.Linq;
using AotCompiler.Collections;
using AotCompiler.Compiler;
using AotCompiler.Diagnostics;
using AotCompiler.Emission;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace AotCompiler.Roslyn;

/// <summary>All that a model's code depends on. Compared by the content's hash and the options, never by path or instance.</summary>
internal sealed class ModelInput : IEquatable<ModelInput>
{
    private ModelInput(ModelContent content, CompilerOptions options, ModelDiagnostic? error)
    {
        Content = content;
        Options = options;
        Error = error;
        FullClassName = error is null ? EmittedNames.FullClassNameOf(options) : string.Empty;
    }

    public ModelContent Content { get; }

    public CompilerOptions Options { get; }

    /// <summary>Why the model cannot be compiled: unreadable, or an option that is malformed.</summary>
    public ModelDiagnostic? Error { get; }

    /// <summary>Name of the class with namespace; empty if there is an error.</summary>
    public string FullClassName { get; }

    public static ModelInput Create(ModelContent content, AnalyzerConfigOptionsProvider provider, bool nullable, EquatableArray<TuningContent> tunings)
    {
        var reader = new OptionReader(provider, content.Text);
        try
        {
            CompilerOptions options = OptionParser.Parse(content.Path, reader.Texts) with
            {
                NullableContext = nullable,
                WeightsPending = reader.WeightsPending,
                Tuning = tunings.FirstOrDefault(t => t.BelongsTo(content.Path))?.Table,
            };
            return new ModelInput(content, options, content.Error);
        }
        catch (ModelException e)
        {
            return new ModelInput(content, new CompilerOptions(), e.Diagnostic);
        }
    }

    public bool Equals(ModelInput? other) =>
        other is not null && Content.Sha256 == other.Content.Sha256 && Options == other.Options && Error == other.Error;

    public override bool Equals(object? obj) => Equals(obj as ModelInput);

    public override int GetHashCode() => Content.Sha256.GetHashCode();
}
