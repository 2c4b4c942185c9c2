using System.Collections.Generic;
using System.Linq;
using AotCompiler.Ir;

namespace AotCompiler.Lowering;

/// <summary>The lowered model: steps in order and the memory they touch.</summary>
internal sealed class Schedule
{
    public Schedule(Graph graph, IReadOnlyList<Step> steps, IReadOnlyList<Storage> storages, IReadOnlyList<string> strings)
    {
        Graph = graph;
        Steps = steps;
        Storages = storages;
        Strings = strings;
        for (int i = 0; i < steps.Count; i++)
        {
            steps[i].Index = i;
        }
    }

    public Graph Graph { get; }

    public IReadOnlyList<Step> Steps { get; }

    public IReadOnlyList<Storage> Storages { get; }

    /// <summary>The strings of the model's constants: a string in the weights is its position here.</summary>
    public IReadOnlyList<string> Strings { get; }

    /// <summary>True if strings occur at run time, so that the model needs a table of them.</summary>
    public bool UsesStrings => Graph.Inputs.Any(static v => v.Type == ElementType.String)
        || Graph.Outputs.Any(static o => o.Value.Type == ElementType.String)
        || Steps.Any(static s => s.UsesStrings);
}
