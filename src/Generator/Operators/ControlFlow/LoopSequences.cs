using System.Linq;
using AotCompiler.Diagnostics;
using AotCompiler.Ir;

namespace AotCompiler.Operators;

/// <summary>States of a loop that are sequences and grow in it become tensors that grow.</summary>
internal static class LoopSequences
{
    /// <summary>The states as tensors. What an empty sequence consists of shows when the body has added to it.</summary>
    /// <exception cref="ModelException">The elements of a sequence differ, or nothing is ever added to it.</exception>
    public static Value[] Stack(StructureContext context, ModelValue[] states)
    {
        ClosedBody? body = null;
        var result = new Value[states.Length];
        for (int i = 0; i < states.Length; i++)
        {
            if (states[i] is TensorValue tensor)
            {
                result[i] = tensor.Value;
                continue;
            }

            (ElementType Type, Shape Shape)? element = SequenceStack.ElementOf(states[i]);
            if (element is null && !states[i].Tensors.Any())
            {
                body ??= Try(context, states);
                element = i + 1 < body.Outputs.Count ? SequenceStack.ElementOf(body.Outputs[i + 1]) : null;
            }

            result[i] = element is { } found
                ? context.Stack(states[i], found)
                : throw context.FailNotConstant($"the loop's state {i} is {states[i].Describe()}, how often it runs is only known at run time, and its tensors have no one shape");
        }

        return result;
    }

    /// <summary>The body for the states as they are at the start.</summary>
    private static ClosedBody Try(StructureContext context, ModelValue[] states) =>
        context.CloseRepeated("body", states.Prepend(LoopImport.True(context)).ToArray(), readsIteration: true);
}
