using System;
using System.Collections.Generic;
using System.ComponentModel;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Text.RegularExpressions;
using System.Threading;
using AotCompiler.Freestanding.Processes;
using AotCompiler.Freestanding.Targets;

namespace AotCompiler.Freestanding.Ilc;

/// <summary>Runs NativeAOT's compiler on assemblies that were compiled against the freestanding core library.</summary>
/// <param name="folder">Folder of the compiler's package that has the executable.</param>
public sealed partial class IlcCompiler(string folder)
{
    /// <summary>The core library's assembly.</summary>
    public const string CoreLibrary = "System.Runtime";

    private const int MaxMessage = 2000;

    /// <summary>Compiles to one object.</summary>
    /// <param name="assembly">The assembly with the exports.</param>
    /// <param name="references">Further assemblies, all compiled in as far as they are used; the core library is one.</param>
    /// <param name="output">Path of the object.</param>
    /// <param name="target">The processor and system.</param>
    /// <param name="set">The instruction set.</param>
    /// <param name="preferSize">True for smaller code.</param>
    /// <param name="cancellation">Ends the compiler.</param>
    /// <exception cref="IlcException">The compiler is missing or failed.</exception>
    public void Compile(
        string assembly,
        IReadOnlyList<string> references,
        string output,
        FreestandingTarget target,
        InstructionSet set,
        bool preferSize = false,
        CancellationToken cancellation = default)
    {
        string responses = Path.ChangeExtension(output, ".rsp");
        var options = new List<string> { assembly };
        options.AddRange(references);
        options.AddRange([$"--systemmodule:{CoreLibrary}", "--nativelib", preferSize ? "--Os" : "-O", "--parallelism:1", $"-o:{output}", $"--targetos:{target.System}", $"--targetarch:{target.Architecture}"]);
        if (set.IlcOption.Length > 0)
        {
            options.Add($"--instruction-set:{set.IlcOption}");
        }

        File.WriteAllLines(responses, options);
        (int exitCode, string text) = Run(responses, cancellation);
        if (exitCode != 0 || !File.Exists(output))
        {
            throw Failure(text, exitCode);
        }
    }

    private (int ExitCode, string Text) Run(string responses, CancellationToken cancellation)
    {
        var start = new ProcessStartInfo(Path.Combine(folder, OperatingSystem.IsWindows() ? "ilc.exe" : "ilc"), ["@" + responses]);
        try
        {
            (int exitCode, IReadOnlyList<string> lines) = ToolProcess.Run(start, cancellation);
            return (exitCode, string.Join('\n', lines));
        }
        catch (Win32Exception e)
        {
            throw new IlcException($"NativeAOT's compiler cannot be started: {e.Message}");
        }
    }

    /// <summary>The method that the compiler names, and the reason inside.</summary>
    private static IlcException Failure(string text, int exitCode)
    {
        Match method = FailedMethod().Match(text);
        Match missing = MissingHelper().Match(text);
        if (method.Success)
        {
            string reason = missing.Groups["name"].Value switch
            {
                "ThrowPlatformNotSupportedException" => "it uses an intrinsic that the target's instruction set does not have",
                { Length: > 0 } name => $"it needs {name}, which code without a runtime does not have",
                _ => "the compiler has no code for it",
            };
            return new IlcException($"No code can be made of method {method.Groups["name"].Value}: {reason}.", method.Groups["name"].Value);
        }

        string shown = text.Length > MaxMessage ? text[..MaxMessage] : text;
        return new IlcException($"NativeAOT's compiler failed with exit code {exitCode}:\n{shown}");
    }

    [GeneratedRegex(@"Code generation failed for method '\[[^\]]*\](?<name>[^(]+)\(")]
    private static partial Regex FailedMethod();

    [GeneratedRegex(@"Expected method '(?<name>\w+)' not found")]
    private static partial Regex MissingHelper();
}
