using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Reflection;
using System.Runtime.Loader;
using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Emit;

namespace AotCompiler.InProcess;

/// <summary>Compiles generated C# in memory and loads it, for tools and tests that run a model without a project.</summary>
public static class InProcessCompiler
{
    // All that generated code and adapters use; the whole framework would take the compiler much longer to look through.
    private static readonly string[] _needed =
    [
        "System.Private.CoreLib.dll", "System.Runtime.dll", "System.Runtime.Intrinsics.dll", "System.Runtime.InteropServices.dll",
        "System.Memory.dll", "AotCompiler.Runtime.dll", "AotCompiler.InProcess.dll",
    ];

    private static readonly Lazy<IReadOnlyList<MetadataReference>> _platform = new(static () =>
        ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!)
            .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .Where(static path => _needed.Contains(Path.GetFileName(path)))
            .Select(static path => (MetadataReference)MetadataReference.CreateFromFile(path))
            .ToArray());

    /// <summary>Compiles and loads source files.</summary>
    /// <param name="assemblyName">Name of the assembly; must be unique in the process.</param>
    /// <param name="sources">File names and texts.</param>
    /// <param name="references">Further assemblies by path, such as packed weights; they are loaded too.</param>
    /// <param name="languageVersion">C# version, for tests of the generated code's demands; null for the newest.</param>
    /// <exception cref="InvalidOperationException">The code does not compile: a defect of the generator; the message lists the errors.</exception>
    public static Assembly Compile(
        string assemblyName,
        IEnumerable<(string Name, string Text)> sources,
        IReadOnlyList<string>? references = null,
        string? languageVersion = null)
    {
        LanguageVersion version = LanguageVersion.Latest;
        if (languageVersion is not null && !LanguageVersionFacts.TryParse(languageVersion, out version))
        {
            throw new ArgumentException($"unknown C# version {languageVersion}", nameof(languageVersion));
        }

        references ??= [];
        CSharpCompilation compilation = CSharpCompilation.Create(
            assemblyName,
            sources.Select(s => CSharpSyntaxTree.ParseText(s.Text, new CSharpParseOptions(version), s.Name, Encoding.UTF8)),
            _platform.Value.Concat(references.Select(static r => MetadataReference.CreateFromFile(r))),
            new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, optimizationLevel: OptimizationLevel.Release, allowUnsafe: true));
        using var image = new MemoryStream();
        EmitResult result = compilation.Emit(image);
        if (!result.Success)
        {
            IEnumerable<string> errors = result.Diagnostics.Where(static d => d.Severity == DiagnosticSeverity.Error).Take(20).Select(static d => d.ToString());
            throw new InvalidOperationException($"The generated code does not compile:\n{string.Join('\n', errors)}");
        }

        // A context of its own: two models may bring packed weights in assemblies of one name.
        var context = new AssemblyLoadContext(assemblyName);
        foreach (string reference in references)
        {
            context.LoadFromAssemblyPath(Path.GetFullPath(reference));
        }

        image.Position = 0;
        return context.LoadFromStream(image);
    }
}
