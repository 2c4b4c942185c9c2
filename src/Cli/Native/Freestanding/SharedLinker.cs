using System;
using System.Collections.Generic;
using System.ComponentModel;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Runtime.InteropServices;
using System.Threading;
using AotCompiler.Cli.CommandLine;
using AotCompiler.Freestanding.Processes;

namespace AotCompiler.Cli.Native.Freestanding;

/// <summary>Makes shared libraries of objects that need no other library, by the C compiler's linker.</summary>
internal sealed class SharedLinker
{
    private const int MaxMessage = 2000;

    private readonly string _compiler;

    private SharedLinker(string compiler) => _compiler = compiler;

    /// <summary>The linker for a target.</summary>
    /// <exception cref="CommandException">There is none on this machine.</exception>
    public static SharedLinker Of(string target)
    {
        string compiler = Compiler(target);
        return IsOnPath(compiler)
            ? new SharedLinker(compiler)
            : throw new CommandException($"A shared library for {target} needs the linker of {compiler}, which is not installed. Install it{Package(compiler)}, or use kind static.");
    }

    /// <summary>Links one object. The library depends on nothing, not even the C library, and shows only the object's exports.</summary>
    /// <param name="input">Path of the object.</param>
    /// <param name="output">Path of the library.</param>
    /// <param name="name">The library's own name, which linkers note in the programs that use it.</param>
    /// <param name="cancellation">Ends the linker.</param>
    /// <exception cref="CommandException">The linker failed.</exception>
    public void Link(string input, string output, string name, CancellationToken cancellation)
    {
        var start = new ProcessStartInfo(_compiler, Arguments(input, output, name));
        try
        {
            (int exitCode, IReadOnlyList<string> lines) = ToolProcess.Run(start, cancellation);
            if (exitCode != 0)
            {
                string text = string.Join('\n', lines).Trim();
                throw new CommandException($"{_compiler} cannot link {name}: {(text.Length > MaxMessage ? text[..MaxMessage] : text)}");
            }
        }
        catch (Win32Exception e)
        {
            throw new CommandException($"{_compiler}, which links {name}, cannot be started: {e.Message}.");
        }
    }

    /// <summary>Without a build identifier, symbols of functions inside, or paths, so that equal objects give equal libraries.</summary>
    private static IEnumerable<string> Arguments(string input, string output, string name) =>
        ["-shared", "-nostdlib", "-s", $"-Wl,-soname,{name}", "-Wl,--build-id=none", "-Wl,-z,noexecstack", "-Wl,-z,defs", "-Wl,-z,text", input, "-o", output];

    /// <summary>The machine's own compiler, or that for another processor, as Debian and others call it.</summary>
    private static string Compiler(string target) => target switch
    {
        not ("linux-x64" or "linux-arm64" or "linux-arm") =>
            throw new CommandException($"There are no shared libraries without a runtime for {target}, only for Linux. Use kind static or object."),
        _ when target == RuntimeInformation.RuntimeIdentifier => "cc",
        "linux-x64" => "x86_64-linux-gnu-gcc",
        "linux-arm64" => "aarch64-linux-gnu-gcc",
        _ => "arm-linux-gnueabihf-gcc",
    };

    private static string Package(string compiler) => compiler == "cc" ? " (Debian: gcc)" : $" (Debian: gcc-{compiler[..^"-gcc".Length].Replace('_', '-')})";

    private static bool IsOnPath(string program) => (Environment.GetEnvironmentVariable("PATH") ?? string.Empty)
        .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
        .Any(folder => File.Exists(Path.Combine(folder, program)));
}
