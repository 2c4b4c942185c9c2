using System.Collections.Generic;
using System.Linq;
using AotCompiler.Emission;
using AotCompiler.Lowering;

namespace AotCompiler.Kernels;

/// <summary>How many branches walks take where trees hardly differ: numbers, or tables where they do.</summary>
/// <param name="Trees">The depth of each tree.</param>
/// <param name="TreeTable">The same as i32 in memory; null if all are the same, or no rows walk one tree together.</param>
/// <param name="Groups">The greatest depth in each group of trees that are walked together.</param>
/// <param name="GroupTable">The same as i32 in memory; null if all are the same.</param>
internal sealed record ForestLevels(IReadOnlyList<int> Trees, TensorView? TreeTable, IReadOnlyList<int> Groups, TensorView? GroupTable)
{
    /// <summary>The tables.</summary>
    public IEnumerable<TensorView> Reads => new[] { TreeTable, GroupTable }.OfType<TensorView>();

    /// <summary>Declares the pointers to the tables.</summary>
    public void EmitPointers(StepWriter writer)
    {
        foreach ((TensorView? table, string name) in new[] { (TreeTable, "depths"), (GroupTable, "levels") })
        {
            if (table is not null)
            {
                writer.Pointer(table, name);
            }
        }
    }

    /// <summary>The depth of a tree, an expression.</summary>
    public string OfTree(string tree) => TreeTable is null ? $"{Trees.Max()}" : $"depths[{tree}]";

    /// <summary>The depth of the group that begins with a tree, an expression.</summary>
    public string OfGroup(string tree) => GroupTable is null ? $"{Groups.Max()}" : $"levels[{tree} / {PackedForestStep.Together}]";
}
