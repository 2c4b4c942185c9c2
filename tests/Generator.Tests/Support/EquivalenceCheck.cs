using System;
using System.Collections.Generic;
using System.Linq;
using AotCompiler.Ir;
using AotCompiler.Operators;
using AotCompiler.Tests.Onnx;

namespace AotCompiler.Tests.Support;

/// <summary>Compares a model, compiled and interpreted, with another one that is written with other operators and has the same inputs.</summary>
internal static class EquivalenceCheck
{
    /// <summary>Runs both models on the same seeded random inputs.</summary>
    /// <param name="model">The model, which is compiled too.</param>
    /// <param name="expected">What it must be equal to, interpreted.</param>
    /// <param name="low">Smallest random input.</param>
    /// <param name="high">Largest random input.</param>
    /// <param name="tolerance">Absolute and relative tolerance.</param>
    public static void Run(ModelBuilder model, ModelBuilder expected, float low = -2, float high = 2, double tolerance = 1e-5)
    {
        byte[] bytes = model.Import("com.microsoft", 1).ToBytes();
        Graph graph = OperatorCheck.Import(bytes);
        Graph reference = OperatorCheck.Import(expected.ToBytes());
        var random = new Random(1);
        Tensor[] inputs = graph.Inputs.Select(v => OperatorCheck.RandomTensor(v, random, low, high)).ToArray();
        Dictionary<string, Tensor> named = graph.Inputs.Zip(inputs).ToDictionary(static p => p.First.Name, static p => p.Second);
        IReadOnlyList<Tensor> actual = GraphInterpreter.Run(graph, inputs);
        IReadOnlyList<Tensor> wanted = GraphInterpreter.Run(reference, reference.Inputs.Select(v => named[v.Name]).ToArray());
        for (int i = 0; i < wanted.Count; i++)
        {
            OperatorCheck.AssertClose(actual[i], wanted[i], tolerance, tolerance, $"output {i}");
        }

        OperatorCheck.RunOn(bytes, inputs, tolerance, tolerance);
    }
}
