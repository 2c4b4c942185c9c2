using System.Collections.Generic;
using System.Linq;
using System.Threading;
using AotCompiler.Ir;

namespace AotCompiler.Optimization;

/// <summary>The Optimise stage: passes over the graph, each verified.</summary>
internal static class Optimizer
{
    /// <summary>Rounds after which rewriting stops even if passes still find something: every graph on the way is correct.</summary>
    private const int MaxRounds = 16;

    /// <summary>Rewritings that all others rely on.</summary>
    private static readonly IReadOnlyList<GraphPass> _preparing = new GraphPass[]
    {
        new HalfWidening(),
        new BodyOptimization(static (body, cancellation) => RunOnce(body, _preparing!, cancellation)),
    };

    /// <summary>While codes and scales are still apart.</summary>
    private static readonly IReadOnlyList<GraphPass> _quantizing = new GraphPass[]
    {
        new DeadCode(),
        new PackedProducts(),
        new QuantizedForm(),
        new BodyOptimization(static (body, cancellation) => RunOnce(body, _quantizing!, cancellation)),
    };

    /// <summary>Rewritings that enable each other, repeated until none finds anything.</summary>
    private static readonly IReadOnlyList<GraphPass> _simplifying = new GraphPass[]
    {
        new DeadCode(),
        new ConstantFolding(),
        new AffineFolding(),
        new OperatorSimplification(),
        new ActivationFusion(),
        new CommonSubexpressions(),
        new PadFolding(),
        new ParallelConvolutions(),
        new KernelCropping(),
        new ShuffleFolding(),
        new ReshapeCleaning(),
        new TransposeSinking(),
        new NormalizationFusion(),
        new ChannelNormalizationFusion(),
        new SeparateColumns(),
        new EarlySelection(),
        new RecurrentEnds(),
        new TableFunctions(),
        new TableProducts(),
        new BodyOptimization(static (body, cancellation) => RunToFixedPoint(body, _simplifying!, cancellation)),
    };

    /// <summary>Operators in the form that has fast kernels, once what stands around them is folded into them.</summary>
    private static readonly IReadOnlyList<GraphPass> _reforming = new GraphPass[]
    {
        new SingleCells(),
        new TransposedConvolutionForms(),
        new PhasesAsChannels(),
        new VolumeConvolution(),
        new RunTimeWeights(),
        new JoinedHeads(),
        new BodyOptimization(static (body, cancellation) => RunOnce(body, _reforming!, cancellation)),
    };

    /// <summary>Rewritings that make nodes which the simplifying passes no longer understand.</summary>
    private static readonly IReadOnlyList<GraphPass> _fusing = new GraphPass[]
    {
        new AttentionFusion(),
        new MergedBatches(),
        new DeadCode(),
        new EpilogueFusion(),
        new DeadCode(),
        new BodyOptimization(static (body, cancellation) => RunToFixedPoint(body, _fusing!, cancellation)),
    };

    /// <summary>Runs all passes.</summary>
    public static void Run(Graph graph, CancellationToken cancellation)
    {
        Sort(graph);
        RunOnce(graph, _preparing, cancellation);
        RunOnce(graph, _quantizing, cancellation);
        RunToFixedPoint(graph, _simplifying, cancellation);
        if (RunOnce(graph, _reforming, cancellation))
        {
            RunToFixedPoint(graph, _simplifying, cancellation);
        }

        RunToFixedPoint(graph, _fusing, cancellation);
        GraphVerifier.Verify(graph, "the Optimise stage");
    }

    /// <summary>Drops what the import folded away, in the graph and in the bodies of its control flow.</summary>
    private static void Sort(Graph graph)
    {
        graph.Sort();
        foreach (Graph body in graph.Nodes.SelectMany(static n => n.Subgraphs))
        {
            Sort(body);
        }
    }

    /// <summary>Repeats passes until none changes the graph.</summary>
    /// <returns>True if any did.</returns>
    public static bool RunToFixedPoint(Graph graph, IReadOnlyList<GraphPass> passes, CancellationToken cancellation)
    {
        bool any = false;
        bool changed = true;
        for (int round = 0; changed && round < MaxRounds; round++)
        {
            changed = RunOnce(graph, passes, cancellation);
            any |= changed;
        }

        return any;
    }

    private static bool RunOnce(Graph graph, IReadOnlyList<GraphPass> passes, CancellationToken cancellation)
    {
        bool changed = false;
        foreach (GraphPass pass in passes)
        {
            if (pass.Run(graph, cancellation))
            {
                changed = true;
                VerifyInDebug(graph, pass);
            }
        }

        return changed;
    }

    [System.Diagnostics.Conditional("DEBUG")]
    private static void VerifyInDebug(Graph graph, GraphPass pass) => GraphVerifier.Verify(graph, pass.Name);
}
