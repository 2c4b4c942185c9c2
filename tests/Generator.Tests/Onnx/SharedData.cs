using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;

namespace AotCompiler.Tests.Onnx;

/// <summary>Reference models and data beside the repository, or where AOTC_SHARED says; absent on most machines.</summary>
internal static class SharedData
{
    /// <summary>The folder, or null.</summary>
    public static string? Root { get; } = Find();

    /// <summary>Files with an extension such as <c>.onnx</c>, sorted; none when the folder is absent.</summary>
    public static List<string> Files(string extension) => Root is null
        ? []
        : new[] { "models", "onnx-backend" }
            .Select(folder => Path.Combine(Root, folder))
            .Where(Directory.Exists)
            .SelectMany(folder => Directory.EnumerateFiles(folder, "*" + extension, SearchOption.AllDirectories))
            .Order(StringComparer.Ordinal)
            .ToList();

    private static string? Find()
    {
        if (Environment.GetEnvironmentVariable("AOTC_SHARED") is { Length: > 0 } named)
        {
            return Directory.Exists(named) ? named : null;
        }

        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "AotCompiler.sln")))
            {
                string shared = Path.GetFullPath(Path.Combine(folder.FullName, "..", "shared"));
                return Directory.Exists(shared) ? shared : null;
            }
        }

        return null;
    }
}

/// <summary>A fact that is skipped, saying so, where the reference data is absent.</summary>
internal sealed class SharedFactAttribute : Xunit.FactAttribute
{
    public SharedFactAttribute()
    {
        if (SharedData.Root is null)
        {
            Skip = "No reference data at ../shared (set AOTC_SHARED).";
        }
    }
}
