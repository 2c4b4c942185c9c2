using System.Collections.Generic;
using System.IO;
using System.IO.Compression;
using System.Linq;
using AotCompiler.Cli.Numerics;

namespace AotCompiler.Cli.Data;

/// <summary>NumPy's archives of arrays, as <c>numpy.savez</c> writes them: a ZIP archive of .npy files named after the arrays.</summary>
/// <remarks>Format: https://numpy.org/doc/stable/reference/generated/numpy.savez.html.</remarks>
internal static class NpzFile
{
    public const string Extension = ".npz";

    /// <summary>The names of the arrays in the archive, in its order; none if it is no archive.</summary>
    public static IReadOnlyList<string> Names(string path)
    {
        try
        {
            using ZipArchive archive = ZipFile.OpenRead(path);
            return archive.Entries.Select(static e => ArrayName(e)).ToArray();
        }
        catch (InvalidDataException)
        {
            return [];
        }
    }

    /// <summary>The arrays with their names, in the order of the archive.</summary>
    /// <exception cref="InvalidDataException">It is no archive of .npy files, or one of them cannot be read; the message names it.</exception>
    public static IReadOnlyList<(string Name, TensorData Data)> Read(string path)
    {
        using ZipArchive archive = ZipFile.OpenRead(path);
        return archive.Entries.Select(entry => (ArrayName(entry), Parse(entry, path))).ToArray();
    }

    private static string ArrayName(ZipArchiveEntry entry) => entry.FullName.EndsWith(".npy", System.StringComparison.Ordinal) ? entry.FullName[..^4] : entry.FullName;

    private static TensorData Parse(ZipArchiveEntry entry, string path)
    {
        using var content = new MemoryStream();
        using (Stream stream = entry.Open())
        {
            stream.CopyTo(content);
        }

        try
        {
            return NpyFile.Parse(content.ToArray());
        }
        catch (InvalidDataException error)
        {
            throw new InvalidDataException($"{path}: {entry.FullName}: {error.Message}", error);
        }
    }
}
