using System.Threading;
using AotCompiler.Ir;

namespace AotCompiler.Optimization;

/// <summary>The Optimise stage: passes over the graph, each verified.</summary>
internal static class Optimizer
{
    /// <summary>Runs all passes.</summary>
    public static void Run(Graph graph, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        graph.Sort();
    }
}
