using System.Collections.Generic;
using System.Linq;
using AotCompiler.Ir;
using AotCompiler.Lowering.Tuning;

namespace AotCompiler.Lowering;

/// <summary>The lowered model: steps in order and the memory they touch.</summary>
/// <remarks>
/// The steps of a region's blocks stand between the region and its marks, so that positions of steps are an order in time:
/// a buffer that a region touches from outside is touched by the region and all its marks, and so lives as long as it runs.
/// </remarks>
internal sealed class Schedule
{
    /// <param name="graph">The graph that was lowered.</param>
    /// <param name="body">The outermost steps, regions among them.</param>
    /// <param name="storages">All memory.</param>
    /// <param name="strings">The strings of constants.</param>
    public Schedule(Graph graph, IReadOnlyList<Step> body, IReadOnlyList<Storage> storages, IReadOnlyList<string> strings)
    {
        Graph = graph;
        Body = body;
        Storages = storages;
        Strings = strings;
        Steps = Flatten(body).ToArray();
        for (int i = 0; i < Steps.Count; i++)
        {
            Steps[i].Index = i;
        }
    }

    public Graph Graph { get; }

    /// <summary>The outermost steps; those inside regions are in <see cref="RegionStep.Blocks"/>.</summary>
    public IReadOnlyList<Step> Body { get; }

    /// <summary>All steps, those inside regions and the regions' marks too, in the order of <see cref="Step.Index"/>.</summary>
    public IReadOnlyList<Step> Steps { get; }

    public IReadOnlyList<Storage> Storages { get; }

    /// <summary>Multiply-adds of one run at most: those of a condition's larger block, and of a loop those of one iteration.</summary>
    public long MultiplyAdds => Work(Body);

    /// <summary>The strings of the model's constants: a string in the weights is its position here.</summary>
    public IReadOnlyList<string> Strings { get; }

    /// <summary>False if nobody has a second thread for the model. Methods that threads share keep what each of them works with on its stack.</summary>
    public bool MaySharePhases { get; init; } = true;

    /// <summary>True if strings occur at run time, so that the model needs a table of them.</summary>
    public bool UsesStrings => Graph.Inputs.Any(static v => v.Type == ElementType.String)
        || Graph.Outputs.Any(static o => o.Value.Type == ElementType.String)
        || Steps.Any(static s => s.UsesStrings);

    private static long Work(IReadOnlyList<Step> steps) => steps.Sum(static s => s is RegionStep region ? region.Blocks.Max(Work) : s.MultiplyAdds);

    /// <summary>Steps with those inside regions behind their region, a mark behind each block.</summary>
    public static IEnumerable<Step> Flatten(IEnumerable<Step> steps)
    {
        foreach (Step step in steps)
        {
            yield return step;
            if (step is not RegionStep region)
            {
                continue;
            }

            for (int i = 0; i < region.Blocks.Count; i++)
            {
                foreach (Step inner in Flatten(region.Blocks[i]))
                {
                    yield return inner;
                }

                yield return region.Marks[i];
            }
        }
    }

    /// <summary>Choices between ways to compute a node that measurements may make, in the order they were made.</summary>
    public IReadOnlyList<LayerDecision> Decisions { get; init; } = new List<LayerDecision>();
}
