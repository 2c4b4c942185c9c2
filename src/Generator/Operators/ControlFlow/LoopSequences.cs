using System.Collections.Generic;
using System.Linq;
using AotCompiler.Diagnostics;
using AotCompiler.Ir;

namespace AotCompiler.Operators;

/// <summary>States of a loop that are sequences and grow in it become tensors that grow.</summary>
internal static class LoopSequences
{
    /// <summary>The states as tensors, stacks of them or tensors side by side. What an empty sequence consists of shows when the body has added to it.</summary>
    /// <param name="context">The loop.</param>
    /// <param name="states">The states.</param>
    /// <param name="joined">Forms of those whose elements turned out to differ in one axis.</param>
    /// <exception cref="ModelException">The elements of a sequence differ in more, or nothing is ever added to it.</exception>
    public static ModelValue[] Stack(StructureContext context, ModelValue[] states, IReadOnlyDictionary<int, JoinForm> joined)
    {
        int sizes = context.SizeCount;
        ClosedBody? body = null;
        var result = new ModelValue[states.Length];
        for (int i = 0; i < states.Length; i++)
        {
            if (states[i] is TensorValue)
            {
                result[i] = states[i];
                continue;
            }

            ModelValue shown = states[i];
            if (!shown.Tensors.Any() && !joined.ContainsKey(i))
            {
                body ??= Try(context, states);
                shown = i + 1 < body.Outputs.Count ? body.Outputs[i + 1] : shown;
            }

            JoinForm? form = joined.TryGetValue(i, out JoinForm? known) ? known : SequenceJoin.FormOf(sizes, states[i], shown);
            result[i] = form is not null ? context.Join(states[i], form)
                : SequenceStack.ElementOf(shown) is { } element && !SequenceJoin.HasOwnSizes(element.Shape, sizes) ? new StackedSequence(context.Stack(states[i], element))
                : throw context.FailNotConstant($"the loop's state {i} is {states[i].Describe()}, how often it runs is only known at run time, and its tensors differ in more than one axis");
        }

        return result;
    }

    /// <summary>The tensors that stand for a state behind an iteration.</summary>
    /// <param name="context">The loop.</param>
    /// <param name="graph">The body.</param>
    /// <param name="state">Number of the state.</param>
    /// <param name="before">What the state is before an iteration.</param>
    /// <param name="behind">What it is behind it.</param>
    /// <param name="sizes">How many sizes there were before the body.</param>
    /// <exception cref="VaryingStateException">Its tensors differ in one axis, which was not known before.</exception>
    public static IEnumerable<Value> Flatten(StructureContext context, Graph graph, int state, ModelValue before, ModelValue behind, int sizes)
    {
        if (before is TensorValue)
        {
            return new[] { LoopImport.PartOf(context, behind, state + 1) };
        }

        JoinForm? form = SequenceJoin.FormOf(sizes, before, behind);
        if (before is JoinedSequence joined)
        {
            return form is null ? throw Strange()
                : form.Most > joined.Most ? throw new VaryingStateException(state, form)
                : SequenceJoin.Of(graph, context.Name, behind, form).Tensors;
        }

        (ElementType Type, Shape Shape) element = (((StackedSequence)before).Stack.Type, ((StackedSequence)before).Element);
        bool isLike = behind is StackedSequence or SequenceValue && (!behind.Tensors.Any() || (SequenceStack.ElementOf(behind) is { } found && found.Equals(element)));
        return isLike ? new[] { SequenceStack.Of(graph, context.Name, behind, element) }
            : form is not null ? throw new VaryingStateException(state, form)
            : throw Strange();

        ModelException Strange() => context.FailNotConstant($"state {state} is {behind.Describe()} behind an iteration and {before.Describe()} before it");
    }

    /// <summary>The body for the states as they are at the start.</summary>
    private static ClosedBody Try(StructureContext context, ModelValue[] states) =>
        context.CloseRepeated("body", states.Prepend(LoopImport.True(context)).ToArray(), readsIteration: true);
}
