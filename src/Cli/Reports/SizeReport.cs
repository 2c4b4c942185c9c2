using System.Collections.Generic;

namespace AotCompiler.Cli.Reports;

/// <summary>Result of <c>aotc size</c>.</summary>
/// <param name="Model">File name of the model.</param>
/// <param name="Target">Processor and system.</param>
/// <param name="Isa">Instruction set.</param>
/// <param name="Optimize">What the code of the steps below is written for.</param>
/// <param name="Source">Where the code's sizes come from.</param>
/// <param name="CodeBytes">Machine code.</param>
/// <param name="ConstantBytes">Read-only data of the code, without weights.</param>
/// <param name="WeightBytes">Weights.</param>
/// <param name="ArenaBytes">Working memory of a run.</param>
/// <param name="StackBytes">Stack that a run takes at most; null where it is not counted.</param>
/// <param name="Steps">The steps in order.</param>
/// <param name="Other">Functions that are no step's, the largest first.</param>
/// <param name="Modes">The same model in every mode.</param>
internal sealed record SizeReport(
    string Model,
    string Target,
    string Isa,
    string Optimize,
    string Source,
    long CodeBytes,
    long ConstantBytes,
    long WeightBytes,
    long ArenaBytes,
    long? StackBytes,
    IReadOnlyList<StepSize> Steps,
    IReadOnlyList<FunctionSize> Other,
    IReadOnlyList<ModeSize> Modes);

/// <summary>Memory that a step accounts for.</summary>
/// <param name="Index">Position in the schedule.</param>
/// <param name="Name">Name of the step.</param>
/// <param name="Operator">The node's operator; null for steps that the compiler adds.</param>
/// <param name="Method">The method that it calls.</param>
/// <param name="CodeBytes">Bytes of the method, and of its parts, if this is the first step that calls it; 0 if an earlier one is.</param>
/// <param name="SharedWith">The first step that calls the method, if it is another one.</param>
/// <param name="IsCompact">True if its code is written for size.</param>
/// <param name="TimeShare">Estimated share of the model's time.</param>
/// <param name="WeightBytes">Weights that no earlier step reads.</param>
/// <param name="ArenaBytes">Buffers in the arena that are live while the step runs.</param>
/// <param name="StackBytes">Stack of the method and what it calls; null where it is not counted.</param>
internal sealed record StepSize(
    int Index, string Name, string? Operator, string Method, long CodeBytes, int? SharedWith, bool IsCompact, double TimeShare, long WeightBytes, long ArenaBytes, long? StackBytes);

/// <summary>A function's machine code.</summary>
/// <param name="Name">Its symbol.</param>
/// <param name="CodeBytes">Bytes.</param>
internal sealed record FunctionSize(string Name, long CodeBytes);

/// <summary>What a mode makes of the model.</summary>
/// <param name="Optimize">The mode.</param>
/// <param name="CodeBytes">Machine code.</param>
/// <param name="ConstantBytes">Read-only data of the code, without weights.</param>
/// <param name="Methods">Methods that the steps call.</param>
/// <param name="WeightBytes">Weights.</param>
/// <param name="ArenaBytes">Working memory of a run.</param>
/// <param name="StackBytes">Stack that a run takes at most; null where it is not counted.</param>
internal sealed record ModeSize(string Optimize, long CodeBytes, long ConstantBytes, int Methods, long WeightBytes, long ArenaBytes, long? StackBytes);
