using System.Collections.Generic;

namespace AotCompiler.Cli.Reports;

/// <summary>Result of <c>aotc tune</c>.</summary>
internal sealed record TuneReport
{
    /// <summary>File name of the model.</summary>
    public required string Model { get; init; }

    /// <summary>Name of the instruction set compiled for.</summary>
    public required string Isa { get; init; }

    /// <summary>Bits of the vectors that were measured.</summary>
    public required int VectorBits { get; init; }

    /// <summary>File name of what was written.</summary>
    public required string File { get; init; }

    /// <summary>Builds of the model that were measured.</summary>
    public required int Rounds { get; init; }

    public required double Seconds { get; init; }

    /// <summary>Fastest run with the choices by estimate.</summary>
    public required double DefaultMs { get; init; }

    /// <summary>Fastest run with the measured choices, taken in turns with the other.</summary>
    public required double TunedMs { get; init; }

    public required IReadOnlyList<LayerTuning> Layers { get; init; }
}

/// <summary>One layer's measurements. Times are the sums of all its steps' fastest.</summary>
/// <param name="Layer">Its shape.</param>
/// <param name="Nodes">Names of the nodes that have it.</param>
/// <param name="DefaultChoice">The choice by estimate.</param>
/// <param name="DefaultUs">Its time in microseconds.</param>
/// <param name="Choice">The choice taken.</param>
/// <param name="Us">Its time in microseconds.</param>
/// <param name="Tried">All that was measured.</param>
internal sealed record LayerTuning(
    string Layer, IReadOnlyList<string> Nodes, string DefaultChoice, double DefaultUs, string Choice, double Us, IReadOnlyList<TriedChoice> Tried);

/// <summary>A choice and its time in microseconds.</summary>
internal sealed record TriedChoice(string Choice, double Us);

/// <summary>The tuning file as JSON; the compiler's <c>TuningFile</c> reads it.</summary>
/// <param name="Version">Version of the format.</param>
/// <param name="Model">SHA-256 of the model.</param>
/// <param name="Isa">Name of the instruction set, for people.</param>
/// <param name="VectorBits">Bits of the vectors that were measured.</param>
/// <param name="Layers">The choices.</param>
internal sealed record TuningFileContent(int Version, string Model, string Isa, int VectorBits, IReadOnlyList<TuningFileLayer> Layers);

/// <summary>One layer's choice; the times tell people what it brings.</summary>
internal sealed record TuningFileLayer(string Layer, string Choice, double Us, double DefaultUs);
