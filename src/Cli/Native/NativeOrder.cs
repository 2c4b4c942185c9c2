using System.Collections.Generic;
using AotCompiler.Cli.Compilation;
using AotCompiler.Compiler;
using AotCompiler.Freestanding.Ilc;

namespace AotCompiler.Cli.Native;

/// <summary>What a user wants built of a model, said by a command line or by a project's properties.</summary>
/// <param name="Source">The model.</param>
/// <param name="Options">Compiler options with <see cref="CompilerOptions.Native"/>; an instruction set of <c>auto</c> leaves the choice to the target.</param>
/// <param name="Kinds">What to make, without repetitions.</param>
/// <param name="Target">Operating system and processor, such as <c>linux-x64</c>.</param>
/// <param name="Folder">Where the program goes, or a library's <c>include/</c> and <c>lib/</c>.</param>
internal sealed record NativeOrder(ModelSource Source, CompilerOptions Options, IReadOnlyList<OutputKind> Kinds, string Target, string Folder)
{
    /// <summary>Name of programs; that of libraries is in the options.</summary>
    public string ProgramName { get; init; } = "model";

    /// <summary>Whether the used parts of the .NET runtime are to be inside; null for what is usual for each kind.</summary>
    public bool? HasRuntime { get; init; }

    /// <summary>Target framework whose NativeAOT compiler is used where there is a runtime inside.</summary>
    public string Framework { get; init; } = NativeProject.Frameworks[0];

    /// <summary>Folder for intermediate files, which then stay; null for a temporary one.</summary>
    public string? KeepFolder { get; init; }

    /// <summary>Most milliseconds that a run may be estimated to take; null for no limit.</summary>
    public double? BudgetMilliseconds { get; init; }

    /// <summary>Most KB (of 1,024 bytes) that each program or library may have; null for no limit.</summary>
    public double? BudgetKilobytes { get; init; }

    /// <summary>Where NuGet's packages are.</summary>
    public PackageSources Packages { get; init; } = PackageSources.Default;
}

/// <summary>A program or library that was built.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Framework">Framework whose NativeAOT compiler built it; null for code without a runtime.</param>
/// <param name="Isa">Instruction set it needs; several are joined by bars.</param>
/// <param name="Files">Paths of all files that were written for it, itself first.</param>
/// <param name="Result">The model's code and plan.</param>
internal sealed record NativeProduct(OutputKind Kind, string? Framework, string Isa, IReadOnlyList<string> Files, CompilationResult Result)
{
    /// <summary>Bytes of stack that a run takes at most; null where it is not counted.</summary>
    public long? StackBytes { get; init; }

    /// <summary>Path of the program or library.</summary>
    public string Path => Files[0];
}
