using System.Collections.Generic;

namespace AotCompiler.Cli.Reports;

/// <summary>Result of <c>aotc build</c>.</summary>
/// <param name="Model">File name of the model.</param>
/// <param name="Kind">What was made: <c>exe</c>, <c>shared</c>, <c>static</c> or <c>object</c>.</param>
/// <param name="Path">The program or library.</param>
/// <param name="Bytes">Its size.</param>
/// <param name="Files">All files that were written; of a library also header and package files.</param>
/// <param name="Framework">Framework whose NativeAOT compiler built it; null for code without a runtime.</param>
/// <param name="RuntimeIdentifier">Operating system and processor it runs on.</param>
/// <param name="Isa">Instruction set it needs.</param>
/// <param name="ArenaBytes">Working memory of a run.</param>
/// <param name="WeightBytes">Weights of the model.</param>
/// <param name="StackBytes">Stack that a run takes at most; null where it is not counted (it is for 32-bit Arm).</param>
internal sealed record BuildReport(
    string Model,
    string Kind,
    string Path,
    long Bytes,
    IReadOnlyList<string> Files,
    string? Framework,
    string RuntimeIdentifier,
    string Isa,
    long ArenaBytes,
    long WeightBytes,
    long? StackBytes);
