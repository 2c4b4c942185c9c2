using System;
using System.Collections.Generic;
using System.Threading;
using AotCompiler.Cli.CommandLine;
using AotCompiler.Compiler;
using AotCompiler.Freestanding.Ilc;

namespace AotCompiler.Cli.Native;

/// <summary>A native program or library that is to be made of a model.</summary>
/// <param name="Compile">Compiles the model to C#; throws if it cannot.</param>
/// <param name="Options">Compiler options; libraries have <see cref="CompilerOptions.Native"/>.</param>
/// <param name="Kinds">What to make, in one piece of work; programs are made alone.</param>
/// <param name="Name">Name of the program or library, without prefix and extension.</param>
/// <param name="Target">Operating system and processor, such as <c>linux-x64</c>.</param>
/// <param name="Framework">Target framework whose NativeAOT compiler is used.</param>
/// <param name="WorkFolder">Folder for intermediate files, which exists.</param>
internal sealed record NativeBuild(
    Func<CompilerOptions, CompilationResult> Compile,
    CompilerOptions Options,
    IReadOnlyList<OutputKind> Kinds,
    string Name,
    string Target,
    string Framework,
    string WorkFolder)
{
    /// <summary>Where NuGet's packages are.</summary>
    public PackageSources Packages { get; init; } = PackageSources.Default;
}

/// <summary>What a build made.</summary>
/// <param name="Result">The model's code and plan.</param>
/// <param name="Products">Paths of the programs or libraries, one for each kind of the build.</param>
/// <param name="Companions">Paths of further files to hand over.</param>
internal sealed record NativeOutput(CompilationResult Result, IReadOnlyList<string> Products, IReadOnlyList<string> Companions)
{
    /// <summary>Bytes of stack that a run takes at most; null where it is not counted.</summary>
    public long? StackBytes { get; init; }
}

/// <summary>A way to make native code: with the .NET runtime inside, or without any.</summary>
internal interface INativeBackend
{
    /// <summary>For messages: with what it builds, such as <c>NativeAOT (net9.0)</c>.</summary>
    string Describe(NativeBuild build);

    /// <summary>Builds.</summary>
    /// <param name="build">What to make.</param>
    /// <param name="say">Told what is being done.</param>
    /// <param name="cancellation">Ends the work.</param>
    /// <exception cref="CommandException">It cannot be built; the message says why and what to do.</exception>
    NativeOutput Build(NativeBuild build, Action<string> say, CancellationToken cancellation);
}
