using System.Linq;
using AotCompiler.Ir;
using AotCompiler.Operators;

namespace AotCompiler.Optimization;

/// <summary>Removes nodes whose results nobody reads.</summary>
internal sealed class DeadCode : NodePass
{
    protected override bool ConsumersFirst => true;

    protected override bool Visit(Node node, GraphRewriter rewriter)
    {
        if (node.Operator.Checks || node.Outputs.Any(v => v.Uses.Count > 0 || rewriter.Graph.IsOutput(v)) || node.ComputedSizes.Any(s => IsUsed(s, rewriter.Graph)))
        {
            return false;
        }

        node.Remove();
        return true;
    }

    /// <summary>True if a count that a node finds is a part of any size, though nobody reads the node's results.</summary>
    private static bool IsUsed(SizeVariable size, Graph graph) => graph.Nodes.Where(static n => !n.IsRemoved).SelectMany(static n => n.UsedSizes)
        .Concat(graph.Outputs.SelectMany(static o => o.Value.SizeVariables))
        .Contains(size);
}
