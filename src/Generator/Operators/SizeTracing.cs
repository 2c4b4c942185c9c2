using System;
using System.Linq;
using AotCompiler.Diagnostics;
using AotCompiler.Ir;

namespace AotCompiler.Operators;

/// <summary>Numbers that an operator computes from its inputs' shapes, as expressions where those are known only at run time.</summary>
internal static class SizeTracing
{
    /// <summary>True if a shape, or data that shapes depend on, among the node's inputs is known only at run time.</summary>
    public static bool HasRunTimeSizes(Node node) => node.Inputs.Take(node.OperatorInputCount).Any(static v => v is not null && (v.Shape.IsDynamic || v.Sizes is not null));

    /// <summary>Runs a computation on numbers in every sample of the sizes and finds the expressions behind its results.</summary>
    /// <param name="node">The node, whose inputs have the shapes and data of a sample while <paramref name="compute"/> runs.</param>
    /// <param name="graph">The graph.</param>
    /// <param name="compute">Always gives as many numbers.</param>
    /// <exception cref="ModelException">No expression explains a number.</exception>
    public static Size[] Trace(Node node, Graph graph, Func<long[]> compute)
    {
        var samples = new long[SizeSamples.Count][];
        Size[] known;
        using (var inputs = new SampledInputs(node))
        {
            for (int i = 0; i < samples.Length; i++)
            {
                inputs.Set(i);
                samples[i] = compute();
            }

            known = inputs.Known(graph).ToArray();
        }

        return Enumerable.Range(0, samples[0].Length)
            .Select(n => SizeFitting.Find(samples.Select(s => s[n]).ToArray(), known) ?? throw new ModelException(
                DiagnosticCodes.ShapeNotConstant,
                NodeContext.Describe(node, "it depends on run-time sizes in a way that is not supported", "Give the dimension one value, or another range.")))
            .ToArray();
    }
}
