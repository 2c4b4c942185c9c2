using System.Collections.Generic;
using System.Linq;
using AotCompiler.Ir;

namespace AotCompiler.Cli.Numerics;

/// <summary>Finds the outputs that no two programs agree on.</summary>
internal static class RandomOutputs
{
    /// <summary>For each output of a graph whether random numbers reach it.</summary>
    public static bool[] Of(Graph graph)
    {
        if (!graph.IsRandom)
        {
            return new bool[graph.Outputs.Count];
        }

        // What random numbers are made of is the number of the run, which the model keeps as its state.
        var reached = new HashSet<Value>(graph.States.Select(static s => s.Input));
        foreach (Node node in graph.Nodes)
        {
            if (node.Inputs.Any(input => input is not null && reached.Contains(input)))
            {
                reached.UnionWith(node.Outputs);
            }
        }

        return graph.Outputs.Select(o => reached.Contains(o.Value)).ToArray();
    }
}
