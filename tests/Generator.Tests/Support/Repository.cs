using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;

namespace AotCompiler.Tests.Support;

/// <summary>The repository's own files.</summary>
internal static class Repository
{
    /// <summary>The folder with the solution file.</summary>
    public static string Root { get; } = Find();

    /// <summary>A file or folder by its path from the root.</summary>
    public static string PathOf(params string[] parts) => Path.Combine([Root, .. parts]);

    /// <summary>C# sources below a folder, without what builds made, as paths from the root with forward slashes, sorted.</summary>
    public static IReadOnlyList<string> Sources(string folder) => Directory.EnumerateFiles(PathOf(folder), "*.cs", SearchOption.AllDirectories)
        .Select(static path => Path.GetRelativePath(Root, path).Replace('\\', '/'))
        .Where(static path => !path.Contains("/obj/", StringComparison.Ordinal) && !path.Contains("/bin/", StringComparison.Ordinal))
        .Order(StringComparer.Ordinal)
        .ToArray();

    public static string Read(string path) => File.ReadAllText(PathOf(path));

    private static string Find()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "AotCompiler.sln")))
            {
                return folder.FullName;
            }
        }

        throw new InvalidOperationException("the tests do not run inside the repository");
    }
}
