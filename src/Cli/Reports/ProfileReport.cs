using System.Collections.Generic;
using System.Text.Json.Serialization;

namespace AotCompiler.Cli.Reports;

/// <summary>Result of <c>aotc profile</c>. Times are of a run on <see cref="Threads"/> threads; GFLOP/s count a multiply-add as two operations.</summary>
internal sealed record ProfileReport
{
    /// <summary>File name of the model.</summary>
    public required string Model { get; init; }

    /// <summary>Free dimensions with their values.</summary>
    public required IReadOnlyDictionary<string, int> Dimensions { get; init; }

    /// <summary>Where the inputs come from: the name of a data set, or <c>generated</c>.</summary>
    public required string Inputs { get; init; }

    /// <summary>Name of the instruction set compiled for.</summary>
    public required string Isa { get; init; }

    /// <summary>Bits of the vectors that run on this machine.</summary>
    public required int VectorBits { get; init; }

    /// <summary>Threads that a run uses.</summary>
    public required int Threads { get; init; }

    /// <summary>Number of runs whose steps were timed.</summary>
    public required int Runs { get; init; }

    /// <summary>Fastest whole run, without timestamps between its steps.</summary>
    public required double MinMs { get; init; }

    /// <summary>Median of the whole runs.</summary>
    public required double MedianMs { get; init; }

    /// <summary>Sum of the steps' fastest times.</summary>
    public required double StepSumMs { get; init; }

    public required long MultiplyAdds { get; init; }

    /// <summary>Of the fastest whole run.</summary>
    public required double GigaFlops { get; init; }

    /// <summary>Of the fastest whole run.</summary>
    public required double PercentOfPeak { get; init; }

    public required long ArenaBytes { get; init; }

    public required long ArenaLowerBoundBytes { get; init; }

    public required long WeightBytes { get; init; }

    /// <summary>What one core of the machine can do, measured in the same process.</summary>
    public required PeakReport Peak { get; init; }

    public required IReadOnlyList<StepProfile> Steps { get; init; }

    /// <summary>The peer's side; absent without one.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public PeerProfile? Onnxruntime { get; init; }
}

/// <summary>One core's limits.</summary>
/// <param name="GigaFlops">Fused multiply-adds in registers alone.</param>
/// <param name="CacheGigabytesPerSecond">Reads from the first-level cache.</param>
/// <param name="MiddleGigabytesPerSecond">Reads from the second-level cache.</param>
/// <param name="MemoryGigabytesPerSecond">Reads from main memory.</param>
internal sealed record PeakReport(double GigaFlops, double CacheGigabytesPerSecond, double MiddleGigabytesPerSecond, double MemoryGigabytesPerSecond)
{
    /// <summary>The limits of several cores, which share the main memory.</summary>
    public PeakReport OfCores(int count) => new(count * GigaFlops, count * CacheGigabytesPerSecond, count * MiddleGigabytesPerSecond, MemoryGigabytesPerSecond);
}

/// <summary>One step's time and work.</summary>
internal sealed record StepProfile
{
    public required int Index { get; init; }

    public required string Name { get; init; }

    /// <summary>Operator of the node it belongs to; null for a step the compiler added.</summary>
    public required string? Operator { get; init; }

    /// <summary>What sort of kernel, for grouping: its name without parameters, or what it computes where that says more.</summary>
    public required string Kind { get; init; }

    /// <summary>The kernel and its parameters, such as the register tile.</summary>
    public required string Kernel { get; init; }

    /// <summary>What is computed, as a formula.</summary>
    public required string Summary { get; init; }

    /// <summary>Shape of the first tensor it writes.</summary>
    public required IReadOnlyList<int> Output { get; init; }

    /// <summary>Fastest time in microseconds.</summary>
    public required double MinUs { get; init; }

    /// <summary>Median time in microseconds.</summary>
    public required double MedianUs { get; init; }

    /// <summary>Fastest time on one thread in microseconds, measured in alternate runs; absent where <see cref="MinUs"/> is that.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? OneThreadUs { get; init; }

    /// <summary>How many times as long the step takes on one thread; absent where one thread was measured only.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? Speedup { get; init; }

    /// <summary>Part of the sum of all steps' fastest times, from 0 to 1.</summary>
    public required double Share { get; init; }

    public required long MultiplyAdds { get; init; }

    /// <summary>Null for a step without multiply-adds, or one that is too short to be timed.</summary>
    public required double? GigaFlops { get; init; }

    public required double? PercentOfPeak { get; init; }

    /// <summary>Bytes of all operands, each element once.</summary>
    public required long BytesMoved { get; init; }

    public required double? GigabytesPerSecond { get; init; }

    /// <summary>The peer's time for the same nodes in microseconds; null where its nodes do not map to this step.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? OnnxruntimeUs { get; init; }

    /// <summary>The peer's nodes that this time is the sum of.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<string>? OnnxruntimeNodes { get; init; }
}

/// <summary>The peer's run as a whole.</summary>
/// <param name="Version">Version of the library.</param>
/// <param name="MedianMs">Median of whole runs, while it notes times of nodes.</param>
/// <param name="NodesUs">Sum of its nodes' times.</param>
/// <param name="UnmappedUs">Part of that sum that belongs to none of our steps.</param>
internal sealed record PeerProfile(string Version, double MedianMs, double NodesUs, double UnmappedUs);
