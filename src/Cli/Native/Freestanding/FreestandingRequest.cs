using System.Collections.Generic;
using AotCompiler.Compiler;
using AotCompiler.Freestanding.Targets;

namespace AotCompiler.Cli.Native.Freestanding;

/// <summary>What freestanding code is made of and for.</summary>
/// <param name="Options">The compiler options, with the C library's name.</param>
/// <param name="Target">Processor and system.</param>
/// <param name="InstructionSets">The instruction sets to make code for; of several the best that the processor has is chosen when the code runs.</param>
/// <param name="Kind">What to write.</param>
internal sealed record FreestandingRequest(
    CompilerOptions Options, FreestandingTarget Target, IReadOnlyList<InstructionSet> InstructionSets, FreestandingKind Kind)
{
    /// <summary>True to keep the names of all functions, for debuggers and profilers.</summary>
    public bool KeepNames { get; init; }

    /// <summary>Keeps the intermediate files in this folder; null to delete them.</summary>
    public string? WorkFolder { get; init; }
}
