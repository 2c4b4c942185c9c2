using System;
using System.Collections.Generic;
using System.ComponentModel;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Runtime.InteropServices;
using System.Threading;
using AotCompiler.Freestanding.Processes;

namespace AotCompiler.Freestanding.Ilc;

/// <summary>Finds the NuGet package with NativeAOT's compiler, or fetches it.</summary>
public static class IlcPackage
{
    /// <summary>
    /// The version that the freestanding core library is made and tested for. A foreign core library is no documented use of the
    /// compiler, so another version need not do the same.
    /// </summary>
    public const string Version = "10.0.14";

    private const int MaxMessage = 1000;

    private static string PackageName => $"runtime.{HostSystem}-{RuntimeInformation.OSArchitecture.ToString().ToLowerInvariant()}.Microsoft.DotNet.ILCompiler";

    private static string HostSystem => OperatingSystem.IsWindows() ? "win" : OperatingSystem.IsMacOS() ? "osx" : "linux";

    /// <summary>The compiler, from the local package folder if it is there, else restored from the configured package feeds.</summary>
    /// <param name="dotnet">Path of the <c>dotnet</c> command, which restores.</param>
    /// <param name="packages">Package folders to look in, and whose feeds are asked.</param>
    /// <param name="say">Told that the package is being fetched, which takes a while.</param>
    /// <param name="cancellation">Ends the restore.</param>
    /// <exception cref="IlcException">The package cannot be had.</exception>
    public static IlcCompiler Find(string dotnet, PackageSources packages, Action<string> say, CancellationToken cancellation)
    {
        string? tools = packages.Folders.Select(Tools).FirstOrDefault(IsWhole);
        if (tools is null)
        {
            say($"Fetching NativeAOT's compiler {Version}");
            tools = Tools(Restore(dotnet, packages, cancellation));
        }

        return IsWhole(tools) ? new IlcCompiler(tools) : throw new IlcException($"The package {PackageName} {Version} has no compiler in {tools}.");
    }

    private static string Tools(string root) => Path.Combine(root, PackageName.ToLowerInvariant(), Version, "tools");

    /// <summary>NuGet writes its marker last, when all files of the package are there.</summary>
    private static bool IsWhole(string tools) => Directory.Exists(tools) && File.Exists(Path.Combine(tools, "..", ".nupkg.metadata"));

    /// <summary>Restores a project that asks for the package; returns the package folder that NuGet is configured to use.</summary>
    private static string Restore(string dotnet, PackageSources packages, CancellationToken cancellation)
    {
        string folder = Directory.CreateTempSubdirectory("aotc-ilc-").FullName;
        try
        {
            string project = Path.Combine(folder, "ilc.csproj");
            File.WriteAllText(
                project,
                $"""
                <Project Sdk="Microsoft.NET.Sdk">
                  <PropertyGroup>
                    <TargetFramework>net10.0</TargetFramework>
                    <NuGetAudit>false</NuGetAudit>
                  </PropertyGroup>
                  <ItemGroup>
                    <PackageDownload Include="{PackageName}" Version="[{Version}]" />
                  </ItemGroup>
                </Project>
                """);
            foreach (string settings in new[] { "Directory.Build.props", "Directory.Build.targets", "Directory.Packages.props" })
            {
                File.WriteAllText(Path.Combine(folder, settings), "<Project />\n");
            }

            Run(dotnet, ["build", project, "-t:Restore", "-nologo", "-nodeReuse:false"], packages, cancellation);

            // Known only after the restore, from a file that it writes; whatever else is said comes before it.
            return Run(dotnet, ["msbuild", project, "-getProperty:NuGetPackageRoot", "-nologo", "-nodeReuse:false"], packages, cancellation).Trim().Split('\n')[^1];
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static string Run(string dotnet, IEnumerable<string> arguments, PackageSources packages, CancellationToken cancellation)
    {
        var start = new ProcessStartInfo(dotnet, arguments);
        packages.Apply(start);
        start.Environment["DOTNET_NOLOGO"] = "1";
        try
        {
            (int exitCode, IReadOnlyList<string> lines) = ToolProcess.Run(start, cancellation);
            string text = string.Join('\n', lines);
            return exitCode == 0
                ? text
                : throw new IlcException($"The package {PackageName} {Version}, NativeAOT's compiler, cannot be restored:\n{(text.Length > MaxMessage ? text[..MaxMessage] : text)}");
        }
        catch (Win32Exception e)
        {
            throw new IlcException($"The .NET SDK is needed to fetch NativeAOT's compiler, and 'dotnet' cannot be started ({e.Message}). Install the SDK from https://dot.net.");
        }
    }
}
