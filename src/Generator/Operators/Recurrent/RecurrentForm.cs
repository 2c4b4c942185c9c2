using System;
using System.Collections.Generic;
using System.Linq;
using AotCompiler.Ir;

namespace AotCompiler.Operators.Recurrent;

/// <summary>Dimensions and attributes of a recurrent node in its newest form.</summary>
internal sealed class RecurrentForm
{
    /// <summary>Attribute of nodes that the compiler makes of others: X holds the projections X · Wᵀ of all directions side by side, [.., D · gates · H], and W is absent.</summary>
    public const string Projected = "aotc_projected";

    /// <param name="node">The node.</param>
    /// <param name="gates">Weight matrices of a cell.</param>
    /// <param name="hidden">Hidden units.</param>
    /// <param name="activations">Activation functions, the same number for every direction.</param>
    public RecurrentForm(Node node, int gates, int hidden, IReadOnlyList<ElementFunction> activations)
    {
        Shape x = node.Required(0).Shape;
        BatchFirst = node.Attributes.Flag("layout", false);
        (Steps, Batch) = BatchFirst ? (x[1], x[0]) : (x[0], x[1]);
        (StepTrip, BatchTrip) = BatchFirst ? (x.Extent(1), x.Extent(0)) : (x.Extent(0), x.Extent(1));
        InputSize = x[2];
        IsProjected = node.Attributes.Flag(Projected, false);
        Gates = gates;
        Hidden = hidden;
        Directions = DirectionCount(node);
        StartsReversed = node.Attributes.String("direction", "forward") == "reverse";
        Activations = activations;
        Clip = node.Attributes.Has("clip") ? node.Attributes.Float("clip", 0) : null;
        LinearBeforeReset = node.Attributes.Flag("linear_before_reset", false);
        CoupledForget = node.Attributes.Flag("input_forget", false);
    }

    /// <summary>True if the tensors begin with the batch: X [B, T, I], Y [B, T, D, H], states [B, D, H]; else X [T, B, I], Y [T, D, B, H], states [D, B, H].</summary>
    public bool BatchFirst { get; }

    /// <summary>T.</summary>
    public int Steps { get; }

    /// <summary>B.</summary>
    public int Batch { get; }

    /// <summary>T with its expression.</summary>
    public Extent StepTrip { get; }

    /// <summary>B with its expression.</summary>
    public Extent BatchTrip { get; }

    /// <summary>I.</summary>
    public int InputSize { get; }

    /// <summary>True if X holds the projections, D · gates · H features.</summary>
    public bool IsProjected { get; }

    /// <summary>H.</summary>
    public int Hidden { get; }

    /// <summary>D.</summary>
    public int Directions { get; }

    /// <summary>Weight matrices of a cell: 4 for LSTM (iofc), 3 for GRU (zrh), 1 for RNN.</summary>
    public int Gates { get; }

    /// <summary>Rows of W and R: gates times hidden units.</summary>
    public int GateRows => Gates * Hidden;

    /// <summary>The gates that multiply the same vector: all multiply the state, but a GRU's candidate multiplies what the reset gate leaves of it.</summary>
    public IReadOnlyList<GateGroup> GateGroups => Gates == 3 && !LinearBeforeReset
        ? new[] { new GateGroup(0, 2), new GateGroup(2, 1) }
        : new[] { new GateGroup(0, Gates) };

    private bool StartsReversed { get; }

    /// <summary>Activation functions, the same number for every direction.</summary>
    private IReadOnlyList<ElementFunction> Activations { get; }

    /// <summary>Bound on the arguments of activations, or null.</summary>
    public float? Clip { get; }

    /// <summary>GRU: the reset gate multiplies the projected state and its bias, not the state.</summary>
    public bool LinearBeforeReset { get; }

    /// <summary>LSTM: the forget gate is one minus the input gate.</summary>
    public bool CoupledForget { get; }

    /// <summary>Shape of the output of all steps.</summary>
    public Shape SequenceShape => BatchFirst ? new Shape(Batch, Steps, Directions, Hidden) : new Shape(Steps, Directions, Batch, Hidden);

    /// <summary>Shape of a state before the first or after the last step.</summary>
    public Shape StateShape => BatchFirst ? new Shape(Batch, Directions, Hidden) : new Shape(Directions, Batch, Hidden);

    /// <summary>Number of directions that the node's attribute says; 0 if it is unknown.</summary>
    public static int DirectionCount(Node node) => node.Attributes.String("direction", "forward") switch
    {
        "forward" or "reverse" => 1,
        "bidirectional" => 2,
        _ => 0,
    };

    /// <summary>True if a direction runs from the last step to the first.</summary>
    public bool IsReversed(int direction) => StartsReversed || direction == 1;

    /// <summary>Activation <paramref name="index"/> (f, g, h) of a direction.</summary>
    public ElementFunction Activation(int direction, int index) => Activations[(direction * Activations.Count / Directions) + index];

    /// <summary>Row-major index in X of the first feature.</summary>
    public int InputIndex(int step, int batch) => (BatchFirst ? (batch * Steps) + step : (step * Batch) + batch) * InputSize;

    /// <summary>Row-major index in Y of the first unit.</summary>
    public int OutputIndex(int step, int direction, int batch) =>
        (BatchFirst ? (((batch * Steps) + step) * Directions) + direction : (((step * Directions) + direction) * Batch) + batch) * Hidden;

    /// <summary>Row-major index in a state of the first unit.</summary>
    public int StateIndex(int direction, int batch) => (BatchFirst ? (batch * Directions) + direction : (direction * Batch) + batch) * Hidden;
}

/// <summary>Neighbouring gates that multiply the same vector.</summary>
/// <param name="First">The first one.</param>
/// <param name="Count">How many.</param>
internal sealed record GateGroup(int First, int Count)
{
    public override string ToString() => $"{Count}";
}
