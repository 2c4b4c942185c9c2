using System.Linq;
using System.Threading;
using AotCompiler.Ir;

namespace AotCompiler.Optimization;

/// <summary>Runs passes on the bodies of control flow, which are closed graphs, to a fixed point each.</summary>
internal sealed class BodyOptimization : GraphPass
{
    private readonly System.Func<Graph, CancellationToken, bool> _optimize;

    /// <param name="optimize">Optimises a graph; true if anything changed.</param>
    public BodyOptimization(System.Func<Graph, CancellationToken, bool> optimize)
    {
        _optimize = optimize;
    }

    public override bool Run(Graph graph, CancellationToken cancellation)
    {
        bool changed = false;
        foreach (Graph body in graph.Nodes.SelectMany(static n => n.Subgraphs))
        {
            changed |= _optimize(body, cancellation);
        }

        return changed;
    }
}
