using System;
using System.Collections.Generic;
using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Threading;
using System.Threading.Tasks;
using AotCompiler.Cli.CommandLine;

namespace AotCompiler.Cli.Native.Freestanding;

/// <summary>Makes shared libraries of objects that need no other library, by the C compiler's linker.</summary>
internal static class SharedLinker
{
    private const int MaxMessage = 2000;

    /// <summary>Links one object. The library depends on nothing, not even the C library, and shows only the object's exports.</summary>
    /// <param name="target">Operating system and processor.</param>
    /// <param name="input">Path of the object.</param>
    /// <param name="output">Path of the library.</param>
    /// <param name="name">The library's own name, which linkers note in the programs that use it.</param>
    /// <param name="cancellation">Ends the linker.</param>
    /// <exception cref="CommandException">There is no linker for the target, or it failed.</exception>
    public static void Link(string target, string input, string output, string name, CancellationToken cancellation)
    {
        string compiler = Compiler(target);
        var start = new ProcessStartInfo(compiler, Arguments(input, output, name)) { RedirectStandardError = true, RedirectStandardOutput = true };
        try
        {
            using Process process = Process.Start(start)!;
            using CancellationTokenRegistration end = cancellation.Register(() => Kill(process));
            Task<string> messages = process.StandardOutput.ReadToEndAsync(CancellationToken.None);
            string errors = process.StandardError.ReadToEnd();
            process.WaitForExit();
            cancellation.ThrowIfCancellationRequested();
            if (process.ExitCode != 0)
            {
                string text = (errors + messages.Result).Trim();
                throw new CommandException($"{compiler} cannot link {name}: {(text.Length > MaxMessage ? text[..MaxMessage] : text)}");
            }
        }
        catch (Win32Exception e)
        {
            throw new CommandException($"A shared library for {target} needs the linker of {compiler}, which cannot be started ({e.Message}). Install it, or use --kind static.");
        }
    }

    /// <summary>Without a build identifier, symbols of functions inside, or paths, so that equal objects give equal libraries.</summary>
    private static IEnumerable<string> Arguments(string input, string output, string name) =>
        ["-shared", "-nostdlib", "-s", $"-Wl,-soname,{name}", "-Wl,--build-id=none", "-Wl,-z,noexecstack", "-Wl,-z,defs", "-Wl,-z,text", input, "-o", output];

    /// <summary>The machine's own compiler, or that for another processor, as Debian and others call it.</summary>
    private static string Compiler(string target) => target switch
    {
        not ("linux-x64" or "linux-arm64" or "linux-arm") =>
            throw new CommandException($"There are no shared libraries without a runtime for {target}, only for Linux. Use --kind static or object."),
        _ when target == RuntimeInformation.RuntimeIdentifier => "cc",
        "linux-x64" => "x86_64-linux-gnu-gcc",
        "linux-arm64" => "aarch64-linux-gnu-gcc",
        _ => "arm-linux-gnueabihf-gcc",
    };

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
