using System;
using System.Collections.Generic;
using System.ComponentModel;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Threading;
using AotCompiler.Cli.CommandLine;
using AotCompiler.Freestanding.Ilc;
using AotCompiler.Freestanding.Processes;

namespace AotCompiler.Cli.Native;

/// <summary>Runs <c>dotnet publish</c> on a project.</summary>
internal static class NativePublisher
{
    private const int MaxErrors = 10;

    /// <summary>One process that ends with the build: no server stays behind.</summary>
    private static readonly string[] _arguments = ["publish", "-c", "Release", "-nologo", "-tl:off", "-nodeReuse:false", "-p:UseSharedCompilation=false", "-o"];

    /// <summary>Publishes.</summary>
    /// <param name="projectFolder">Folder with one project.</param>
    /// <param name="outputFolder">Where the program goes.</param>
    /// <param name="packages">Whose package feeds are asked.</param>
    /// <param name="say">Told each line that the build prints.</param>
    /// <param name="cancellation">Ends the build.</param>
    /// <exception cref="CommandException">There is no SDK, or the build failed; the message has its errors.</exception>
    public static void Publish(string projectFolder, string outputFolder, PackageSources packages, Action<string> say, CancellationToken cancellation)
    {
        var start = new ProcessStartInfo(DotnetPath(), _arguments.Append(outputFolder)) { WorkingDirectory = projectFolder };
        packages.Apply(start);
        try
        {
            (int exitCode, IReadOnlyList<string> lines) = ToolProcess.Run(start, cancellation, line => Say(line, say));
            if (exitCode != 0)
            {
                throw new CommandException($"dotnet publish failed:\n{Errors(lines)}");
            }
        }
        catch (Win32Exception e)
        {
            throw new CommandException($"The .NET SDK is needed to build a native program, and 'dotnet' cannot be started ({e.Message}). Install the SDK from https://dot.net.");
        }
    }

    /// <summary>The <c>dotnet</c> command that runs this program, or else the one on the path.</summary>
    public static string DotnetPath()
    {
        if (Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") is { Length: > 0 } host && File.Exists(host))
        {
            return host;
        }

        string? self = Environment.ProcessPath;
        return self is not null && Path.GetFileNameWithoutExtension(self) == "dotnet" ? self : "dotnet";
    }

    private static void Say(string line, Action<string> say)
    {
        if (!string.IsNullOrWhiteSpace(line))
        {
            say(line.Trim());
        }
    }

    private static string Errors(IEnumerable<string> lines)
    {
        string[] all = lines.Select(static l => l.Trim()).Where(static l => l.Length > 0).ToArray();
        string[] errors = all.Where(static l => l.Contains("error", StringComparison.OrdinalIgnoreCase)).Distinct().Take(MaxErrors).ToArray();
        return string.Join('\n', errors.Length > 0 ? errors : all.TakeLast(MaxErrors));
    }
}
