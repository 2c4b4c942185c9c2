using System;
using System.Collections.Generic;
using System.ComponentModel;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Threading;
using AotCompiler.Cli.CommandLine;
using AotCompiler.Freestanding.Ilc;

namespace AotCompiler.Cli.Native;

/// <summary>Runs <c>dotnet publish</c> on a project.</summary>
internal static class NativePublisher
{
    private const int MaxErrors = 10;

    /// <summary>Publishes.</summary>
    /// <param name="projectFolder">Folder with one project.</param>
    /// <param name="outputFolder">Where the program goes.</param>
    /// <param name="packages">Whose package feeds are asked.</param>
    /// <param name="say">Told each line that the build prints.</param>
    /// <param name="cancellation">Ends the build.</param>
    /// <exception cref="CommandException">There is no SDK, or the build failed; the message has its errors.</exception>
    public static void Publish(string projectFolder, string outputFolder, PackageSources packages, Action<string> say, CancellationToken cancellation)
    {
        var lines = new List<string>();
        using Process process = Start(projectFolder, outputFolder, packages, lines, say);
        using (cancellation.Register(() => Kill(process)))
        {
            process.WaitForExit();
        }

        cancellation.ThrowIfCancellationRequested();
        if (process.ExitCode != 0)
        {
            throw new CommandException($"dotnet publish failed:\n{Errors(lines)}");
        }
    }

    private static Process Start(string projectFolder, string outputFolder, PackageSources packages, List<string> lines, Action<string> say)
    {
        var start = new ProcessStartInfo(DotnetPath())
        {
            WorkingDirectory = projectFolder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };

        // One process that ends with the build: no server stays behind.
        foreach (string argument in new[] { "publish", "-c", "Release", "-o", outputFolder, "-nologo", "-tl:off", "-nodeReuse:false", "-p:UseSharedCompilation=false" })
        {
            start.ArgumentList.Add(argument);
        }

        packages.Apply(start);
        var process = new Process { StartInfo = start };
        process.OutputDataReceived += OnLine;
        process.ErrorDataReceived += OnLine;
        try
        {
            process.Start();
        }
        catch (Win32Exception e)
        {
            throw new CommandException($"The .NET SDK is needed to build a native program, and 'dotnet' cannot be started ({e.Message}). Install the SDK from https://dot.net.");
        }

        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return process;

        void OnLine(object sender, DataReceivedEventArgs e)
        {
            if (!string.IsNullOrWhiteSpace(e.Data))
            {
                lock (lines)
                {
                    lines.Add(e.Data.Trim());
                }

                say(e.Data.Trim());
            }
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

    private static string Errors(List<string> lines)
    {
        string[] errors = lines.Where(static l => l.Contains("error", StringComparison.OrdinalIgnoreCase)).Distinct().Take(MaxErrors).ToArray();
        return string.Join('\n', errors.Length > 0 ? errors : lines.TakeLast(MaxErrors));
    }

    private static void Kill(Process process)
    {
        try
        {
            process.Kill(entireProcessTree: true);
        }
        catch (InvalidOperationException)
        {
            // It has just ended by itself.
        }
    }
}
