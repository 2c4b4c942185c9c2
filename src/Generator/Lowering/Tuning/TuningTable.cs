using System;
using AotCompiler.Collections;

namespace AotCompiler.Lowering.Tuning;

/// <summary>What was measured to be the fastest way to compute each layer of a model on some machine. Compared by value.</summary>
internal sealed record TuningTable
{
    /// <summary>Name of the file it was read from, without folder, for messages.</summary>
    public string FileName { get; init; } = string.Empty;

    /// <summary>SHA-256 of the model that was measured, lower-case hexadecimal.</summary>
    public string ModelSha256 { get; init; } = string.Empty;

    /// <summary>Width of the vectors that were measured; code for other widths does not use the table.</summary>
    public int VectorBits { get; init; }

    /// <summary>The choices.</summary>
    public EquatableArray<TunedLayer> Layers { get; init; } = EquatableArray<TunedLayer>.Empty;

    /// <summary>Why the file could not be read, in which case there are no layers; null if it could.</summary>
    public string? Problem { get; init; }

    /// <summary>The choice for a layer; null if there is none.</summary>
    public string? ChoiceOf(string layer)
    {
        foreach (TunedLayer entry in Layers)
        {
            if (string.Equals(entry.Layer, layer, StringComparison.Ordinal))
            {
                return entry.Choice;
            }
        }

        return null;
    }
}

/// <summary>One layer's choice.</summary>
/// <param name="Layer">The layer's shape, as <see cref="ITunable.Layer"/> writes it.</param>
/// <param name="Choice">One of the layer's choices at the table's vector width.</param>
internal sealed record TunedLayer(string Layer, string Choice);
