using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using AotCompiler.Ir;
using AotCompiler.Operators;
using AotCompiler.Optimization;
using AotCompiler.Tests.Onnx;

namespace AotCompiler.Tests.Support;

/// <summary>Runs optimisation passes on a model and proves that they keep its meaning.</summary>
internal static class PassCheck
{
    /// <summary>Runs passes to their fixed point, then all of them are compared with the imported graph on seeded random inputs.</summary>
    /// <param name="model">The model.</param>
    /// <param name="passes">The passes; all of the stage if there are none.</param>
    /// <returns>The rewritten graph, verified.</returns>
    public static Graph Run(ModelBuilder model, params GraphPass[] passes) => Run(model, -2, 2, passes);

    /// <summary>As the other overload, with inputs in a range.</summary>
    public static Graph Run(ModelBuilder model, float low, float high, params GraphPass[] passes)
    {
        byte[] bytes = model.ToBytes();
        Graph before = OperatorCheck.Import(bytes);
        Graph after = OperatorCheck.Import(bytes);
        string[] outputs = after.Outputs.Select(static o => o.Name).ToArray();
        if (passes.Length == 0)
        {
            Optimizer.Run(after, CancellationToken.None);
        }
        else
        {
            Optimizer.RunToFixedPoint(after, passes, CancellationToken.None);
        }

        GraphVerifier.Verify(after, "the passes");
        var random = new Random(1);
        Tensor[] inputs = before.Inputs.Select(v => OperatorCheck.RandomTensor(v, random, low, high)).ToArray();
        IReadOnlyList<Tensor> expected = GraphInterpreter.Run(before, inputs);
        IReadOnlyList<Tensor> actual = GraphInterpreter.Run(after, inputs);
        for (int i = 0; i < expected.Count; i++)
        {
            OperatorCheck.AssertClose(actual[i], expected[i], 1e-5, 1e-5, $"output {outputs[i]}");
        }

        return after;
    }

    /// <summary>The operators in order, each with its epilogue's functions: <c>Conv+Relu, Add</c>.</summary>
    public static string Operators(Graph graph) => string.Join(", ", graph.Nodes.Select(static n =>
        string.Join("+", new[] { n.Operator.Name }.Concat(n.Epilogue?.Instructions.Select(static i => i.Function.Key) ?? []))));
}
