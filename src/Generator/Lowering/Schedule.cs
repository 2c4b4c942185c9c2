using System.Collections.Generic;
using AotCompiler.Ir;

namespace AotCompiler.Lowering;

/// <summary>The lowered model: steps in order and the memory they touch.</summary>
internal sealed class Schedule
{
    public Schedule(Graph graph, IReadOnlyList<Step> steps, IReadOnlyList<Storage> storages)
    {
        Graph = graph;
        Steps = steps;
        Storages = storages;
        for (int i = 0; i < steps.Count; i++)
        {
            steps[i].Index = i;
        }
    }

    public Graph Graph { get; }

    public IReadOnlyList<Step> Steps { get; }

    public IReadOnlyList<Storage> Storages { get; }
}
