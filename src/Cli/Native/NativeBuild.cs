using System.Collections.Generic;
using System.Threading;
using AotCompiler.Cli.CommandLine;
using AotCompiler.Compiler;
using AotCompiler.Emission;

namespace AotCompiler.Cli.Native;

/// <summary>A native program or library that is to be made of a compiled model.</summary>
/// <param name="Result">The model's code and plan. For libraries its <see cref="GeneratedCode.Native"/> describes the C functions.</param>
/// <param name="Kind">What to make.</param>
/// <param name="Name">Name of the program or library, without prefix and extension.</param>
/// <param name="Target">Operating system and processor, such as <c>linux-x64</c>.</param>
/// <param name="Isa">Instruction set.</param>
/// <param name="Framework">Target framework whose NativeAOT compiler is used.</param>
/// <param name="WorkFolder">Folder for intermediate files, which exists.</param>
internal sealed record NativeBuild(
    CompilationResult Result, OutputKind Kind, string Name, string Target, TargetIsa Isa, string Framework, string WorkFolder);

/// <summary>A way to make native code: with the .NET runtime inside, or without any.</summary>
internal interface INativeBackend
{
    /// <summary>For messages: with what it builds, such as <c>NativeAOT (net9.0)</c>.</summary>
    string Describe(NativeBuild build);

    /// <summary>Builds, and returns the paths of the files to hand over; the first is the program or library itself.</summary>
    /// <exception cref="CommandException">It cannot be built; the message says why and what to do.</exception>
    IReadOnlyList<string> Build(NativeBuild build, System.Action<string> say, CancellationToken cancellation);
}
