using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Threading.Tasks;
using Shouldly;

namespace AotCompiler.Cli.Tests.Support;

/// <summary>Programs of other projects that some tests need.</summary>
internal static class Tools
{
    /// <summary>Stands for a Python that has NumPy.</summary>
    public const string NumPy = "python3-numpy";

    private static readonly TimeSpan _limit = TimeSpan.FromMinutes(5);

    private static readonly Lazy<string?> _python = new(static () => new[] { "python3", "/usr/bin/python3" }.FirstOrDefault(static python =>
        PathOf(python) is not null && Start(python, ["-c", "import numpy"], null, null).ExitCode == 0));

    /// <summary>Path of a program; null if it is missing.</summary>
    public static string? PathOf(string tool) => tool == NumPy
        ? _python.Value
        : (Environment.GetEnvironmentVariable("PATH") ?? string.Empty).Split(Path.PathSeparator)
            .Select(folder => Path.Combine(folder, tool))
            .FirstOrDefault(static path => File.Exists(path) || File.Exists(path + ".exe"));

    /// <summary>Runs a program, which must succeed, and returns what it wrote.</summary>
    public static string Run(string tool, IEnumerable<string> arguments, string? folder = null, IReadOnlyDictionary<string, string>? environment = null)
    {
        (int exitCode, string output) = Start(PathOf(tool)!, arguments, folder, environment);
        exitCode.ShouldBe(0, $"{tool} {string.Join(' ', arguments)}\n{output}");
        return output;
    }

    private static (int ExitCode, string Output) Start(
        string program, IEnumerable<string> arguments, string? folder, IReadOnlyDictionary<string, string>? environment)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = folder ?? string.Empty,
        };
        foreach ((string name, string value) in environment ?? new Dictionary<string, string>())
        {
            start.Environment[name] = value;
        }

        using Process process = Process.Start(start)!;
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        Task<string> error = process.StandardError.ReadToEndAsync();
        if (!process.WaitForExit(_limit))
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException(program);
        }

        return (process.ExitCode, output.Result + error.Result);
    }
}

/// <summary>A test that needs programs of other projects, and is skipped where one is missing.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class ToolFactAttribute : FactAttribute
{
    /// <param name="tools">Names of the programs.</param>
    public ToolFactAttribute(params string[] tools) => Skip = Missing(tools);

    /// <summary>Why a test with these programs cannot run; null if it can.</summary>
    internal static string? Missing(string[] tools) =>
        tools.FirstOrDefault(static tool => Tools.PathOf(tool) is null) is { } missing ? $"Install {missing} to run this test." : null;
}

/// <inheritdoc cref="ToolFactAttribute"/>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class ToolTheoryAttribute : TheoryAttribute
{
    /// <param name="tools">Names of the programs.</param>
    public ToolTheoryAttribute(params string[] tools) => Skip = ToolFactAttribute.Missing(tools);
}
