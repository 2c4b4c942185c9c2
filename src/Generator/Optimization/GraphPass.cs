using System.Linq;
using System.Threading;
using AotCompiler.Ir;
using AotCompiler.Operators;

namespace AotCompiler.Optimization;

/// <summary>A rewriting of the graph that keeps its meaning. Stateless: one instance serves all graphs.</summary>
internal abstract class GraphPass
{
    /// <summary>Name for messages.</summary>
    public string Name => GetType().Name;

    /// <summary>Rewrites a sorted graph and leaves it sorted.</summary>
    /// <returns>True if anything changed.</returns>
    public abstract bool Run(Graph graph, CancellationToken cancellation);
}

/// <summary>A pass that looks at one node after the other and rewrites what it finds around it.</summary>
internal abstract class NodePass : GraphPass
{
    /// <summary>True to look at consumers before their producers.</summary>
    protected virtual bool ConsumersFirst => false;

    public override bool Run(Graph graph, CancellationToken cancellation)
    {
        var rewriter = new GraphRewriter(graph);
        Node[] nodes = graph.Nodes.ToArray();
        if (ConsumersFirst)
        {
            System.Array.Reverse(nodes);
        }

        bool changed = false;
        foreach (Node node in nodes)
        {
            cancellation.ThrowIfCancellationRequested();
            changed |= !node.IsRemoved && Visit(node, rewriter);
        }

        if (changed)
        {
            graph.Sort();
        }

        return changed;
    }

    /// <summary>Rewrites around a node; true if anything changed.</summary>
    protected abstract bool Visit(Node node, GraphRewriter rewriter);
}
