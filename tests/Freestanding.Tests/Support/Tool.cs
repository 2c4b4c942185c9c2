using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Threading.Tasks;

namespace AotCompiler.Freestanding.Tests.Support;

/// <summary>Programs of the machine: C compilers, emulators, binutils.</summary>
internal static class Tool
{
    private const int LimitMilliseconds = 120_000;

    /// <summary>Full path of a program, which distributions may call by its name and version (<c>ld64.lld-14</c>); null if the machine does not have it.</summary>
    public static string? Find(string name) => (Environment.GetEnvironmentVariable("PATH") ?? string.Empty)
        .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
        .Where(Directory.Exists)
        .SelectMany(folder => new[] { Path.Combine(folder, name) }.Where(File.Exists).Concat(Directory.EnumerateFiles(folder, name + "-*").Where(IsVersion)))
        .FirstOrDefault();

    private static bool IsVersion(string path) => path[(path.LastIndexOf('-') + 1)..].All(char.IsAsciiDigit);

    /// <summary>Runs a program that must succeed; returns what it wrote to standard output.</summary>
    public static byte[] Run(string folder, string program, IEnumerable<string> arguments, byte[]? input = null)
    {
        (int exitCode, byte[] output, string error) = TryRun(folder, program, arguments, input);
        return exitCode == 0
            ? output
            : throw new InvalidOperationException($"{program} {string.Join(' ', arguments)} ended with {exitCode}:\n{error}{System.Text.Encoding.UTF8.GetString(output)}");
    }

    /// <summary>Runs a program.</summary>
    public static (int ExitCode, byte[] Output, string Error) TryRun(string folder, string program, IEnumerable<string> arguments, byte[]? input = null)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using Process process = Process.Start(start)!;
        Task<string> error = process.StandardError.ReadToEndAsync();
        Task feed = Task.Run(() => Feed(process, input ?? []));
        var output = new MemoryStream();
        Task read = process.StandardOutput.BaseStream.CopyToAsync(output);
        if (!process.WaitForExit(LimitMilliseconds))
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException($"{program} did not end");
        }

        Task.WaitAll(error, feed, read);
        return (process.ExitCode, output.ToArray(), error.Result);
    }

    private static void Feed(Process process, byte[] input)
    {
        try
        {
            process.StandardInput.BaseStream.Write(input);
            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // The program ended without reading all: its exit code says why.
        }
    }
}

/// <summary>A test that is skipped, saying so, on machines that lack a program.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class ToolFactAttribute : FactAttribute
{
    public ToolFactAttribute(params string[] tools) => Skip = Missing(tools);

    /// <summary>Why a test with these programs cannot run; null if it can.</summary>
    public static string? Missing(IEnumerable<string> tools) => tools.Where(static t => Tool.Find(t) is null).ToArray() is { Length: > 0 } missing
        ? $"This machine does not have {string.Join(", ", missing)}. Install the Debian packages that .ci/run names to run this test."
        : null;
}

/// <inheritdoc cref="ToolFactAttribute"/>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class ToolTheoryAttribute : TheoryAttribute
{
    public ToolTheoryAttribute(params string[] tools) => Skip = ToolFactAttribute.Missing(tools);
}
