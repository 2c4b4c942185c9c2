using System;
using System.Threading;
using AotCompiler.Compiler;
using AotCompiler.Lowering.Tuning;
using Microsoft.CodeAnalysis;

namespace AotCompiler.Roslyn;

/// <summary>A tuning file among the additional files. Compared by value.</summary>
/// <param name="Path">Path of the file.</param>
/// <param name="Table">What it says.</param>
internal sealed record TuningContent(string Path, TuningTable Table)
{
    public static TuningContent Read(AdditionalText text, CancellationToken cancellation) =>
        new(text.Path, TuningFile.Parse(text.Path, text.GetText(cancellation)?.ToString()));

    /// <summary>True if the file lies beside the model and has its name.</summary>
    public bool BelongsTo(string modelPath) => string.Equals(TuningFile.PathFor(modelPath), Path, StringComparison.OrdinalIgnoreCase);
}
