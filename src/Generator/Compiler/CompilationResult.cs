using System.Collections.Generic;
using System.Linq;
using AotCompiler.Diagnostics;
using AotCompiler.Emission;
using AotCompiler.Ir;
using AotCompiler.Planning;

namespace AotCompiler.Compiler;

/// <summary>What a compilation gives: code, the plan behind it, or the reasons why there is none.</summary>
internal sealed class CompilationResult
{
    public CompilationResult(IReadOnlyList<ModelDiagnostic> diagnostics)
    {
        Diagnostics = diagnostics;
    }

    public IReadOnlyList<ModelDiagnostic> Diagnostics { get; }

    /// <summary>True if there is code.</summary>
    public bool Success => Code is not null && Diagnostics.All(static d => d.Severity != DiagnosticSeverity.Error);

    public IReadOnlyList<SourceFile> Sources => Code?.Sources ?? System.Array.Empty<SourceFile>();

    /// <summary>The optimised graph, as far as the compilation came.</summary>
    public Graph? Graph { get; init; }

    public ExecutionPlan? Plan { get; init; }

    public GeneratedCode? Code { get; init; }
}
