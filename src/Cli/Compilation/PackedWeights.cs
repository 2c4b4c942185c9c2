using System;
using System.IO;
using System.Threading;
using AotCompiler.Compiler;
using AotCompiler.Emission;

namespace AotCompiler.Cli.Compilation;

/// <summary>The assembly with the weights of a model that are too large for its source, in a temporary folder.</summary>
internal sealed class PackedWeights : IDisposable
{
    private readonly string _folder;

    private PackedWeights(string folder, string path)
    {
        _folder = folder;
        Path = path;
    }

    /// <summary>Path of the assembly.</summary>
    public string Path { get; }

    /// <summary>Packs the weights into a temporary folder; null if they are in the source.</summary>
    public static PackedWeights? Write(CompilationResult result, CancellationToken cancellation)
    {
        if (result.Code!.WeightTypeName is null)
        {
            return null;
        }

        string folder = Directory.CreateTempSubdirectory("aotc-").FullName;
        var weights = new PackedWeights(folder, System.IO.Path.Combine(folder, FileName(result)));
        try
        {
            WriteTo(result, weights.Path, cancellation);
            return weights;
        }
        catch
        {
            weights.Dispose();
            throw;
        }
    }

    /// <summary>File name of the assembly.</summary>
    public static string FileName(CompilationResult result) => $"{result.Code!.FullClassName}.Weights.dll";

    /// <summary>Packs the weights into a file.</summary>
    public static void WriteTo(CompilationResult result, string path, CancellationToken cancellation)
    {
        using FileStream stream = File.Create(path);
        WeightPacker.Write(result.Plan!, result.Code!, System.IO.Path.GetFileNameWithoutExtension(path), stream, progress: null, cancellation);
    }

    /// <summary>Deletes the file; where the system keeps a loaded file in use, it stays in the temporary folder.</summary>
    public void Dispose()
    {
        try
        {
            Directory.Delete(_folder, recursive: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
        }
    }
}
