using System;
using System.Collections.Generic;
using System.Linq;

namespace AotCompiler.Cli.Data;

/// <summary>File names for the outputs of a model, whose own names can hold anything.</summary>
internal static class OutputFileNames
{
    private const int MaxLength = 100;

    /// <summary>
    /// <c>NAME.npy</c> for each name, letters, digits, dots, hyphens and underscores kept, all else replaced; names that
    /// become equal, in any case of letters, are told apart by their position.
    /// </summary>
    public static string[] For(IEnumerable<string> names)
    {
        string[] stems = names.Select(Stem).ToArray();
        var taken = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        for (int i = 0; i < stems.Length; i++)
        {
            for (string wanted = stems[i]; !taken.Add(stems[i]); wanted += "_")
            {
                stems[i] = $"{wanted}_{i}";
            }
        }

        return stems.Select(static stem => $"{stem}.npy").ToArray();
    }

    private static string Stem(string name)
    {
        string kept = string.Concat(name.Take(MaxLength).Select(static c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.' ? c : '_'));

        // A leading dot hides a file, and "." and ".." are folders.
        return kept.Length == 0 || kept[0] == '.' ? $"_{kept}" : kept;
    }
}
