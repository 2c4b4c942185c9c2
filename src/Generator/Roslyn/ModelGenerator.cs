using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using System.Threading;
using AotCompiler.Collections;
using AotCompiler.Compiler;
using AotCompiler.Diagnostics;
using AotCompiler.Emission;
using AotCompiler.Onnx;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Text;

namespace AotCompiler.Roslyn;

/// <summary>Adds a class to the compilation for each <c>.onnx</c> file among the project's additional files.</summary>
/// <remarks>
/// Nothing here depends on the compilation, so that typing in a C# file runs nothing. A model is compiled again only if its
/// content or one of its options is another than before; a touched or moved file is read and hashed, no more.
/// </remarks>
[Generator(LanguageNames.CSharp)]
public sealed class ModelGenerator : IIncrementalGenerator
{
    /// <summary>Names of the pipeline's steps, for tests of what runs when.</summary>
    internal static class Steps
    {
        public const string Content = nameof(Content);
        public const string Tuning = nameof(Tuning);
        public const string Input = nameof(Input);
        public const string Collisions = nameof(Collisions);
        public const string Compiled = nameof(Compiled);
        public const string Output = nameof(Output);
    }

    /// <inheritdoc/>
    public void Initialize(IncrementalGeneratorInitializationContext context)
    {
        IncrementalValuesProvider<ModelContent> contents = context.AdditionalTextsProvider
            .Where(static text => text.Path.EndsWith(".onnx", StringComparison.OrdinalIgnoreCase))
            .Select(static (text, _) => ModelContent.Read(text))
            .WithTrackingName(Steps.Content);
        IncrementalValueProvider<EquatableArray<TuningContent>> tunings = context.AdditionalTextsProvider
            .Where(static text => text.Path.EndsWith(TuningFile.Suffix, StringComparison.OrdinalIgnoreCase))
            .Select(static (text, cancellation) => TuningContent.Read(text, cancellation))
            .Collect()
            .Select(static (files, _) => new EquatableArray<TuningContent>(files))
            .WithTrackingName(Steps.Tuning);
        IncrementalValueProvider<bool> nullable = context.ParseOptionsProvider
            .Select(static (options, _) => options is CSharpParseOptions { LanguageVersion: >= LanguageVersion.CSharp8 });
        IncrementalValuesProvider<ModelInput> inputs = contents
            .Combine(context.AnalyzerConfigOptionsProvider)
            .Combine(nullable.Combine(tunings))
            .Select(static (pair, _) => ModelInput.Create(pair.Left.Left, pair.Left.Right, pair.Right.Left, pair.Right.Right))
            .WithTrackingName(Steps.Input);
        IncrementalValueProvider<EquatableArray<string>> collisions = inputs
            .Select(static (input, _) => input.FullClassName)
            .Collect()
            .Select(static (names, _) => FindCollisions(names))
            .WithTrackingName(Steps.Collisions);
        IncrementalValuesProvider<CompiledModel> compiled = inputs
            .Select(static (input, cancellation) => Compile(input, cancellation))
            .WithTrackingName(Steps.Compiled);
        context.RegisterSourceOutput(
            compiled.Combine(collisions).WithTrackingName(Steps.Output),
            static (output, pair) => Add(output, pair.Left, pair.Right));
    }

    /// <summary>Class names that several models ask for. Two that differ in case alone collide too, as names of generated files do.</summary>
    private static EquatableArray<string> FindCollisions(ImmutableArray<string> names) => new(
        names.Where(static name => name.Length > 0)
            .GroupBy(static name => name, StringComparer.OrdinalIgnoreCase)
            .Where(static group => group.Count() > 1)
            .SelectMany(static group => group.Distinct(StringComparer.Ordinal))
            .OrderBy(static name => name, StringComparer.Ordinal));

    private static CompiledModel Compile(ModelInput input, CancellationToken cancellation)
    {
        var messages = new List<ModelDiagnostic>();
        var sources = new List<SourceFile>();
        try
        {
            if (input.Error is not null)
            {
                messages.Add(input.Error);
            }
            else
            {
                CompilationResult result = ModelCompiler.Compile(input.Content.GetFile(), ExternalDataSource.ForModel(input.Content.Path), input.Options, cancellation);
                messages.AddRange(result.Diagnostics);
                sources.AddRange(result.Success ? result.Sources : Array.Empty<SourceFile>());
            }
        }
        catch (ModelException e)
        {
            messages.Add(e.Diagnostic);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            messages.Add(ModelDiagnostic.Error(
                DiagnosticCodes.InternalError,
                $"The generator failed: {e.GetType().Name}: {e.Message} This is a defect of the compiler: report it with the model."));
        }

        return new CompiledModel(input.Content.Path, input.FullClassName, new EquatableArray<SourceFile>(sources), new EquatableArray<ModelDiagnostic>(messages));
    }

    private static void Add(SourceProductionContext context, CompiledModel model, EquatableArray<string> collisions)
    {
        foreach (ModelDiagnostic message in model.Messages)
        {
            context.ReportDiagnostic(RoslynDiagnostics.Create(message, model.Path));
        }

        if (collisions.Contains(model.FullClassName))
        {
            context.ReportDiagnostic(RoslynDiagnostics.Create(Collision(model.FullClassName), model.Path));
            return;
        }

        foreach (SourceFile source in model.Sources)
        {
            context.AddSource(source.HintName, SourceText.From(source.Text, SourceFile.Encoding));
        }
    }

    private static ModelDiagnostic Collision(string name) => ModelDiagnostic.Error(
        DiagnosticCodes.NameCollision,
        $"Another model of this project also becomes the class '{name}' (upper and lower case count as equal). Set ClassName or Namespace on one of the project items: <AdditionalFiles Include=\"…\" ClassName=\"Other{name.Substring(name.LastIndexOf('.') + 1)}\" />.");

    /// <summary>What one model becomes.</summary>
    private sealed record CompiledModel(string Path, string FullClassName, EquatableArray<SourceFile> Sources, EquatableArray<ModelDiagnostic> Messages);
}
