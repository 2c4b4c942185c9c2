using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Threading.Tasks;
using Shouldly;

namespace AotCompiler.Integration.Tests.Support;

/// <summary>What a process printed and returned.</summary>
internal sealed record ShellResult(string Command, int ExitCode, string Output)
{
    /// <summary>Lines that report a warning or an error, without duplicates.</summary>
    public IReadOnlyList<string> Complaints => Output.Split('\n')
        .Where(static line => line.Contains(": warning ", StringComparison.Ordinal) || line.Contains(": error ", StringComparison.Ordinal))
        .Select(static line => line.Trim())
        .Distinct()
        .ToArray();

    public ShellResult ShouldSucceed()
    {
        ExitCode.ShouldBe(0, $"{Command}\n{Output}");
        return this;
    }

    public ShellResult ShouldSucceedWithoutComplaint()
    {
        ShouldSucceed().Complaints.ShouldBeEmpty(Command);
        return this;
    }
}

/// <summary>Runs programs as a user's shell would, free of what the test host left in the environment.</summary>
internal static class Shell
{
    private static readonly TimeSpan _limit = TimeSpan.FromMinutes(10);

    private static readonly string[] _foreignVariables = ["MSBUILD", "VSTEST", "DOTNET_HOST_PATH", "DOTNET_CLI_UI", "TESTINGPLATFORM", "MSTEST"];

    public static ShellResult Run(string folder, string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        foreach (string name in start.Environment.Keys.Where(IsForeign).ToArray())
        {
            start.Environment.Remove(name);
        }

        start.Environment["DOTNET_CLI_TELEMETRY_OPTOUT"] = "1";
        start.Environment["MSBUILDDISABLENODEREUSE"] = "1";
        using Process process = Process.Start(start)!;
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        Task<string> error = process.StandardError.ReadToEndAsync();
        string command = $"{program} {string.Join(' ', arguments)}";
        if (!process.WaitForExit(_limit))
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException(command);
        }

        return new ShellResult(command, process.ExitCode, output.Result + error.Result);
    }

    private static bool IsForeign(string name) => _foreignVariables.Any(prefix => name.StartsWith(prefix, StringComparison.OrdinalIgnoreCase));
}

/// <summary>The repository that the tests were built from.</summary>
internal static class Repository
{
    public static string Root { get; } = Find();

    /// <summary>Configuration of this build; the package is packed from the same.</summary>
    public static string Configuration { get; } = AppContext.BaseDirectory.Contains($"{Path.DirectorySeparatorChar}Release{Path.DirectorySeparatorChar}", StringComparison.Ordinal)
        ? "Release"
        : "Debug";

    /// <summary>A model of the project's own.</summary>
    public static string SmallModel(string name) => Path.Combine(Root, "models", "small", name);

    private static string Find()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "AotCompiler.sln")))
            {
                return folder.FullName;
            }
        }

        throw new DirectoryNotFoundException("The tests do not lie in the repository.");
    }
}
