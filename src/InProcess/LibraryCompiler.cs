using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Emit;

namespace AotCompiler.InProcess;

/// <summary>Compiles generated C# to an assembly file, against exactly the assemblies that are named.</summary>
public static class LibraryCompiler
{
    /// <summary>Compiles; the same sources give the same file.</summary>
    /// <param name="path">The assembly; its name without extension names the assembly.</param>
    /// <param name="sources">File names and texts.</param>
    /// <param name="references">Assemblies by path; one of them must define the fundamental types.</param>
    /// <param name="symbols">Preprocessor symbols.</param>
    /// <returns>Errors, in order; none if the file was written.</returns>
    public static IReadOnlyList<LibraryError> Compile(
        string path, IEnumerable<(string Name, string Text)> sources, IEnumerable<string> references, IReadOnlyList<string> symbols)
    {
        var options = new CSharpParseOptions(LanguageVersion.Latest, preprocessorSymbols: symbols);
        CSharpCompilation compilation = CSharpCompilation.Create(
            Path.GetFileNameWithoutExtension(path),
            sources.Select(s => CSharpSyntaxTree.ParseText(s.Text, options, s.Name, Encoding.UTF8)),
            references.Select(static r => MetadataReference.CreateFromFile(r)),
            new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, optimizationLevel: OptimizationLevel.Release, allowUnsafe: true, deterministic: true));
        using FileStream file = File.Create(path);
        EmitResult result = compilation.Emit(file);
        return result.Success ? [] : result.Diagnostics.Where(static d => d.Severity == DiagnosticSeverity.Error).Select(Error).ToArray();
    }

    private static LibraryError Error(Diagnostic diagnostic)
    {
        SyntaxNode? node = diagnostic.Location.SourceTree?.GetRoot().FindNode(diagnostic.Location.SourceSpan);
        return new LibraryError(diagnostic.ToString(), node?.FirstAncestorOrSelf<MethodDeclarationSyntax>()?.Identifier.Text);
    }
}

/// <summary>An error of the C# compiler.</summary>
/// <param name="Message">Place and text.</param>
/// <param name="Method">The method it is in; null if it is in none.</param>
public sealed record LibraryError(string Message, string? Method);
