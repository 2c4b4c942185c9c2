using System.Collections.Generic;
using System.Linq;
using AotCompiler.Ir;
using AotCompiler.Operators;
using AotCompiler.Operators.Recurrent;

namespace AotCompiler.Optimization;

/// <summary>
/// The first or last step of what LSTM, GRU and RNN give of all steps, read alone: a direction that ends there gives its last state, one that begins
/// there walks a single step. So the steps are not stored, and of a bidirectional layer one direction is nearly nothing.
/// </summary>
/// <remarks>Where sequences have lengths of their own, the last step is behind the end of some: such nodes stay.</remarks>
internal sealed class RecurrentEnds : NodePass
{
    /// <summary>Number of the input that is there where sequences have lengths of their own.</summary>
    private const int Lengths = 4;

    /// <summary>Inputs with a part for each direction in their outermost dimension: W, R, B and P.</summary>
    private static readonly int[] _parameters = { 1, 2, 3, 7 };

    /// <summary>The initial states, which have the directions where the last states have them.</summary>
    private static readonly int[] _states = { 5, 6 };

    protected override bool Visit(Node node, GraphRewriter rewriter)
    {
        if (AxisPart.TakenBy(node) is not { } part || !IsEnd(node.Required(0), part, rewriter))
        {
            return false;
        }

        Node layer = node.Required(0).Producer!;
        bool atEnd = !IsFirst(part);
        RecurrentForm form = FormOf(layer);
        Value[] states = Enumerable.Range(0, form.Directions).Select(d => State(layer, form, d, atEnd, rewriter)).ToArray();
        Value joined = states.Length == 1 ? states[0] : rewriter.Insert("Concat", layer.Name, states, ("axis", (long)DirectionAxis(form)));
        rewriter.ReplaceNode(node, rewriter.Reshape(joined, node.Output.Shape, node.Name));
        return true;
    }

    /// <summary>True if a part of a value is the first or the last step of a layer of which nothing else is read.</summary>
    public static bool IsEnd(Value value, AxisPart part, GraphRewriter rewriter)
    {
        if (value.Producer is not { Operator: RecurrentOperator, Epilogue: null } layer
            || !ReferenceEquals(layer.Output, value)
            || !rewriter.HasSingleUse(value)
            || !rewriter.OnlyFirstOutputUsed(layer)
            || layer.Input(Lengths) is not null
            || part.Selector is not Neighbours { Length: 1 } step)
        {
            return false;
        }

        int time = TimeAxis(FormOf(layer));
        return part.Axis == time && (IsFirst(part) || (value.Shape.IsDynamicAt(time) ? step.Start == -1 : step.Start == value.Shape[time] - 1));
    }

    private static bool IsFirst(AxisPart part) => ((Neighbours)part.Selector).Start == 0;

    private static RecurrentForm FormOf(Node layer) => ((RecurrentOperator)layer.Operator).FormOf(layer, layer.Required(2).Shape[2]);

    private static int TimeAxis(RecurrentForm form) => form.BatchFirst ? 1 : 0;

    private static int DirectionAxis(RecurrentForm form) => form.BatchFirst ? 1 : 0;

    /// <summary>What one direction gives at an end of the sequence: its last state, of all steps or of the one there.</summary>
    private static Value State(Node layer, RecurrentForm form, int direction, bool atEnd, GraphRewriter rewriter)
    {
        Value?[] inputs = layer.Inputs.ToArray();
        if (form.IsReversed(direction) == atEnd)
        {
            var step = new AxisPart(TimeAxis(form), new Neighbours(!atEnd ? 0 : form.StepTrip.IsDynamic ? -1 : form.Steps - 1, 1));
            inputs[0] = step.TakeFrom(inputs[0]!, rewriter);
        }

        if (form.Directions > 1)
        {
            if (form.IsProjected)
            {
                inputs[0] = new AxisPart(2, new Neighbours(direction * form.GateRows, form.GateRows)).TakeFrom(inputs[0]!, rewriter);
            }

            Take(inputs, _parameters, 0, direction, rewriter);
            Take(inputs, _states, DirectionAxis(form), direction, rewriter);
        }

        return rewriter.InsertNode(layer.Operator, layer.Name, AttributesOf(layer, form, direction), inputs, 2, layer.Opset)[1];
    }

    private static void Take(Value?[] inputs, IReadOnlyList<int> which, int axis, int direction, GraphRewriter rewriter)
    {
        foreach (int i in which.Where(i => i < inputs.Length && inputs[i] is not null))
        {
            inputs[i] = new AxisPart(axis, new Neighbours(direction, 1)).TakeFrom(inputs[i]!, rewriter);
        }
    }

    private static AttributeMap AttributesOf(Node layer, RecurrentForm form, int direction)
    {
        AttributeMap attributes = layer.Attributes.Clone();
        attributes.Set("direction", form.IsReversed(direction) ? "reverse" : "forward");
        if (form.Directions == 1 || !attributes.Has("activations"))
        {
            return attributes;
        }

        IReadOnlyList<string> defaults = ((RecurrentOperator)layer.Operator).DefaultActivations;
        ActivationChoice[] own = RecurrentActivation.Choose(layer, defaults)!.Skip(direction * defaults.Count).Take(defaults.Count).ToArray();
        attributes.Set("activations", own.Select(static a => a.Name).ToArray());
        Replace(attributes, "activation_alpha", own.Select(static a => a.Alpha));
        Replace(attributes, "activation_beta", own.Select(static a => a.Beta));
        return attributes;
    }

    private static void Replace(AttributeMap attributes, string name, IEnumerable<float?> values)
    {
        float[] given = values.OfType<float>().ToArray();
        attributes.Remove(name);
        if (given.Length > 0)
        {
            attributes.Set(name, given);
        }
    }
}
