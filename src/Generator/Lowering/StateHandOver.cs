using System;
using System.Collections.Generic;
using System.Linq;
using AotCompiler.Ir;
using AotCompiler.Kernels;

namespace AotCompiler.Lowering;

/// <summary>Makes the next value of a state the present one, when an iteration of a loop or a run of the model ends.</summary>
internal static class StateHandOver
{
    /// <summary>Writes each next value over the present one where nothing still needs that, and appends copies for the others.</summary>
    /// <param name="node">The loop; null for the model.</param>
    /// <param name="pairs">Memory of the present and the next value of each state.</param>
    /// <param name="steps">What runs in between.</param>
    public static void Complete(Node? node, IEnumerable<(TensorView State, TensorView Next)> pairs, List<Step> steps)
    {
        Step[] body = Schedule.Flatten(steps).ToArray();
        foreach ((TensorView state, TensorView next) in pairs)
        {
            if (state.Shape.ElementCount == 0)
            {
                continue;
            }

            if (CanWriteOver(body, state.Storage, next.Storage))
            {
                next.Storage.PlacedIn = state.Storage;
            }
            else
            {
                steps.Add(new CopyStep(node, $"hand over {state.Storage.Name}", next, state));
            }
        }
    }

    /// <summary>True if nothing reads the present value once the next one is begun, but for a first writer that may work in place.</summary>
    private static bool CanWriteOver(Step[] body, Storage state, Storage next)
    {
        int first = Array.FindIndex(body, s => s.Writes.Any(v => v.Storage == next) || s.Scratch.Contains(next));
        if (first < 0 || body.Skip(first + 1).Any(s => s.Reads.Any(v => v.Storage == state)))
        {
            return false;
        }

        return body[first].Reads.Where(v => v.Storage == state).All(v => body[first].InPlace.Any(p => p.Read == v && p.Write.Storage == next));
    }
}
