using System;
using AotCompiler.Compiler;
using AotCompiler.Diagnostics;
using Microsoft.CodeAnalysis;

namespace AotCompiler.Roslyn;

/// <summary>A model among the additional files, with the hash of its bytes or the reason why it cannot be read.</summary>
/// <remarks>
/// Equal only to itself: Roslyn hands out a new <see cref="AdditionalText"/> when a file may have changed. The bytes are
/// held weakly, so that an editor does not keep every model in memory; the compilation that follows at once still finds them.
/// </remarks>
internal sealed class ModelContent
{
    private readonly WeakReference<ModelFile>? _file;

    private ModelContent(AdditionalText text, ModelFile? file, ModelDiagnostic? error)
    {
        Text = text;
        Sha256 = file?.Sha256 ?? string.Empty;
        Error = error;
        _file = file is null ? null : new WeakReference<ModelFile>(file);
    }

    /// <summary>The additional file, which its options belong to.</summary>
    public AdditionalText Text { get; }

    public string Path => Text.Path;

    /// <summary>SHA-256 of the bytes; empty if they cannot be read.</summary>
    public string Sha256 { get; }

    public ModelDiagnostic? Error { get; }

    public static ModelContent Read(AdditionalText text)
    {
        try
        {
            return new ModelContent(text, ModelFile.Read(text.Path), null);
        }
        catch (ModelException e)
        {
            return new ModelContent(text, null, e.Diagnostic);
        }
    }

    /// <summary>The bytes, read again if they are gone.</summary>
    /// <exception cref="ModelException">The file can no longer be read.</exception>
    public ModelFile GetFile() => _file is not null && _file.TryGetTarget(out ModelFile? file) ? file : ModelFile.Read(Path);
}
