using System.Collections.Generic;
using System.Text.Json.Serialization;

namespace AotCompiler.Cli.Reports;

/// <summary>Result of <c>aotc bench</c>.</summary>
internal sealed record BenchReport
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

    public required int Threads { get; init; }

    /// <summary>Number of runs that were timed.</summary>
    public required int Runs { get; init; }

    public required double MinMs { get; init; }

    public required double MedianMs { get; init; }

    public required double P99Ms { get; init; }

    public required long ArenaBytes { get; init; }

    public required long ArenaLowerBoundBytes { get; init; }

    public required long ArenaWithoutReuseBytes { get; init; }

    public required long WeightBytes { get; init; }

    /// <summary>Bytes of managed memory that a run allocates.</summary>
    public required long AllocatedBytesPerRun { get; init; }

    public required long MultiplyAdds { get; init; }

    /// <summary>Fused multiply-adds of f32 that one core of this machine does at best, as 10⁹ floating-point operations per second; measured after the model.</summary>
    public required double PeakGigaFlops { get; init; }

    /// <summary>
    /// Floating-point operations of the layers by their definition, per second of the median run, as a part of what all threads could do at
    /// best. Above 100 where an algorithm such as Winograd's needs fewer operations than the definition.
    /// </summary>
    public required double PercentOfPeak { get; init; }

    /// <summary>C libraries of the same model that were timed too.</summary>
    public IReadOnlyList<LibraryReport> Libraries { get; init; } = [];

    /// <summary>Version of the peer; absent without one.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? OnnxruntimeVersion { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? OnnxruntimeMinMs { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? OnnxruntimeMedianMs { get; init; }

    /// <summary>The peer's median divided by ours: above 1, ours is faster.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? Ratio { get; init; }
}

/// <summary>Times of a C library beside those of the same model in this process.</summary>
internal sealed record LibraryReport
{
    public required string Path { get; init; }

    /// <summary>The instruction set it was built for.</summary>
    public required string Isa { get; init; }

    public required double MinMs { get; init; }

    public required double MedianMs { get; init; }

    /// <summary>Its median divided by that of the model in this process: below 1 it is faster.</summary>
    public required double Ratio { get; init; }

    /// <summary>True if every output has the same bits.</summary>
    public required bool SameBits { get; init; }
}
