using System.Globalization;
using System.IO;
using System.Linq;

namespace AotCompiler.Cli.Fuzzing;

/// <summary>The folder that mutants are written to.</summary>
internal sealed class MutantFolder
{
    private readonly string _path;
    private readonly string _current;
    private readonly int _seed;

    /// <param name="path">The folder; made if it does not exist.</param>
    /// <param name="seed">The run's seed; names of files contain it, so that runs can share a folder.</param>
    public MutantFolder(string path, int seed)
    {
        _path = path;
        _seed = seed;
        _current = Path.Combine(path, string.Create(CultureInfo.InvariantCulture, $"current-{seed}.onnx"));
        Directory.CreateDirectory(path);
        if (File.Exists(_current))
        {
            LeftBehind = Path.Combine(path, string.Create(CultureInfo.InvariantCulture, $"ended-{seed}.onnx"));
            File.Move(_current, LeftBehind, overwrite: true);
        }
    }

    /// <summary>The mutant that an earlier run with this seed did not survive; null if there is none.</summary>
    public string? LeftBehind { get; }

    /// <summary>Keeps what is about to be compiled.</summary>
    public void Begin(Mutant mutant) => File.WriteAllBytes(_current, mutant.Bytes);

    /// <summary>Keeps a mutant that shows a problem.</summary>
    /// <returns>Path of the file.</returns>
    public string Keep(Mutant mutant)
    {
        string path = Path.Combine(_path, string.Create(CultureInfo.InvariantCulture, $"mutant-{_seed}-{mutant.Index}.onnx"));
        File.WriteAllBytes(path, mutant.Bytes);
        return path;
    }

    /// <summary>Removes what is of no further use.</summary>
    public void End()
    {
        File.Delete(_current);
        if (!Directory.EnumerateFileSystemEntries(_path).Any())
        {
            Directory.Delete(_path);
        }
    }
}
