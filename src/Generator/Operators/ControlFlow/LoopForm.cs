using System.Collections.Generic;
using System.Linq;
using AotCompiler.Ir;

namespace AotCompiler.Operators;

/// <summary>A dimension of a loop's state that changes from one iteration to the next.</summary>
/// <param name="State">Number of the state.</param>
/// <param name="Axis">The dimension.</param>
/// <param name="Inside">What it is in an iteration; its maximum is the most that there is memory for.</param>
internal sealed record LoopSize(int State, int Axis, SizeVariable Inside);

/// <summary>
/// How the inputs and outputs of a <see cref="Loop"/> node are divided. Node inputs: trip count or none, condition or none,
/// initial states, walked tensors, captures. Body inputs: iteration, states, parts of the walked tensors, captures (the condition is true inside).
/// Body outputs: condition, states, parts of the collected tensors. Node outputs: final states, collected tensors.
/// </summary>
/// <param name="Body">The body.</param>
/// <param name="States">Number of values that an iteration hands to the next.</param>
/// <param name="Walked">Number of tensors of which each iteration reads one part along their first dimension.</param>
/// <param name="Trips">The trip count, if it is constant; then also the length of the collected tensors. Else -1; the length is that of the walked ones if there are any.</param>
/// <param name="Capacity">Most iterations, where how many parts are collected is found out at run time; else -1.</param>
/// <param name="ReversedInputs">Of the walked tensors, those that begin with the last part.</param>
/// <param name="ReversedOutputs">Of the collected tensors, those whose first part comes last.</param>
internal sealed record LoopForm(Graph Body, int States, int Walked, long Trips, long Capacity, IReadOnlyList<bool> ReversedInputs, IReadOnlyList<bool> ReversedOutputs)
{
    /// <summary>Dimensions of states that change from one iteration to the next.</summary>
    public IReadOnlyList<LoopSize> Sizes { get; init; } = System.Array.Empty<LoopSize>();

    /// <summary>Number of tensors that the iterations make part by part.</summary>
    public int Collected => Body.Outputs.Count - 1 - States;

    /// <summary>Node inputs before the captures.</summary>
    public int OwnInputs => 2 + States + Walked;

    /// <summary>Body inputs before the captures.</summary>
    public int OwnBodyInputs => 1 + States + Walked;

    public static LoopForm Of(Node node)
    {
        AttributeMap attributes = node.Attributes;
        return new LoopForm(
            (Graph)attributes.Raw("body")!,
            (int)attributes.Int("states", 0),
            (int)attributes.Int("walked", 0),
            attributes.Int("trips", -1),
            attributes.Int("capacity", -1),
            attributes.Ints("reversed_inputs")!.Select(static r => r != 0).ToArray(),
            attributes.Ints("reversed_outputs")!.Select(static r => r != 0).ToArray())
        {
            Sizes = (IReadOnlyList<LoopSize>)attributes.Raw("sizes")!,
        };
    }

    /// <summary>The form as attributes of a node.</summary>
    public AttributeMap ToAttributes(string owner) => new AttributeMap(owner)
        .Set("body", Body)
        .Set("states", (long)States)
        .Set("walked", (long)Walked)
        .Set("trips", Trips)
        .Set("capacity", Capacity)
        .Set("reversed_inputs", ReversedInputs.Select(static r => r ? 1L : 0).ToArray())
        .Set("reversed_outputs", ReversedOutputs.Select(static r => r ? 1L : 0).ToArray())
        .Set("sizes", Sizes);

    /// <summary>The size inside the body of a state's dimension that changes; null for one that stays as it is.</summary>
    public LoopSize? SizeOf(int state, int axis) => Sizes.FirstOrDefault(s => s.State == state && s.Axis == axis);
}
