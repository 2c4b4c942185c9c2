using System.Collections.Generic;
using AotCompiler.Emission;

namespace AotCompiler.Lowering.Tuning;

/// <summary>A step that can be computed in several ways, of which measurements may choose.</summary>
internal interface ITunable
{
    /// <summary>Everything about the layer that its speed depends on, as text: layers with the same text make the same choice.</summary>
    string Layer { get; }

    /// <summary>The ways to compute it at a vector width, by estimated time: the first is taken unless a table says otherwise.</summary>
    IReadOnlyList<string> Choices(Simd simd);

    /// <summary>Takes the table's choice for the layer, if it has one and it is possible.</summary>
    void Use(TuningTable table);
}

/// <summary>A way to compute a node that was chosen when it was lowered, because it decides on memory and weights.</summary>
/// <param name="Node">The node.</param>
/// <param name="Layer">Everything about it that its speed depends on.</param>
/// <param name="Choices">The ways, by estimated time.</param>
/// <param name="Chosen">The one that was taken.</param>
internal sealed record LayerDecision(Ir.Node Node, string Layer, IReadOnlyList<string> Choices, string Chosen);
