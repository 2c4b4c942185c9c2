using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.Linq;

namespace AotCompiler.Freestanding.Ilc;

/// <summary>Where NuGet's packages are, and whose package feeds are asked for those that are not there.</summary>
/// <param name="Folders">Folders with extracted packages, the first to look in first.</param>
/// <param name="SettingsFolder">A folder whose <c>NuGet.config</c>, or that of the nearest folder above, names the feeds; null for the user's own.</param>
public sealed record PackageSources(IReadOnlyList<string> Folders, string? SettingsFolder)
{
    /// <summary>The user's own.</summary>
    public static PackageSources Default { get; } = new([UserFolder], null);

    private static string UserFolder => Environment.GetEnvironmentVariable("NUGET_PACKAGES") is { Length: > 0 } chosen
        ? chosen
        : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");

    /// <summary>Those of a project.</summary>
    /// <param name="folders">Its package folders, separated by semicolons.</param>
    /// <param name="projectFolder">Its folder.</param>
    public static PackageSources Of(string folders, string projectFolder) => new(
        [.. folders.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries), UserFolder], projectFolder);

    /// <summary>Makes a <c>dotnet</c> command use these feeds, speak English, and take nothing else from a build that this process may be part of.</summary>
    public void Apply(ProcessStartInfo start)
    {
        foreach (string variable in start.Environment.Keys.Where(static k => k.StartsWith("MSBUILD", StringComparison.OrdinalIgnoreCase)).ToArray())
        {
            start.Environment.Remove(variable);
        }

        start.Environment["DOTNET_CLI_UI_LANGUAGE"] = "en";
        if (SettingsFolder is not null)
        {
            // MSBuild takes variables for properties; this one NuGet reads.
            start.Environment["RestoreRootConfigDirectory"] = SettingsFolder;
        }
    }
}
