using System;
using System.Collections.Generic;
using System.Linq;
using AotCompiler.Compiler;
using AotCompiler.Ir;
using AotCompiler.Tests.Onnx;
using Shouldly;

namespace AotCompiler.Tests.Support;

/// <summary>Compares a model whose dimensions each run chooses with the same model compiled for one size after the other.</summary>
internal static class RunTimeSizesCheck
{
    /// <summary>
    /// Runs a model in every vector width, and on three threads where they share its steps. Memory that belongs to no live element reads as NaN, in the arena and behind the inputs,
    /// and must not be written: so nothing beyond the actual sizes takes part.
    /// </summary>
    /// <param name="model">The model.</param>
    /// <param name="ranges">Ranges as on the command line, <c>seq=1..40</c>.</param>
    /// <param name="sizes">Sizes to run at, <c>seq=7</c>.</param>
    /// <param name="low">Smallest random input.</param>
    /// <param name="high">Largest random input.</param>
    /// <param name="relative">Relative tolerance.</param>
    public static void Run(ModelBuilder model, string ranges, string[] sizes, float low = -2, float high = 2, double relative = 1e-5)
    {
        byte[] bytes = model.ToBytes();
        IReadOnlyList<CompiledModel> dynamic = CompiledModel.CompileAll(bytes, OperatorCheck.Isas.Select(isa => (isa, new CompilerOptions
        {
            Dimensions = OptionParser.Dimensions(ranges),
            CheckedArena = true,
            ShareEverything = isa == OperatorCheck.SharedIsa,
        })).ToArray());
        foreach (string size in sizes)
        {
            var random = new Random(1);
            CompiledModel fixedSize = CompiledModel.Compile(bytes, "x86-64-v3", new CompilerOptions { Dimensions = OptionParser.Dimensions(size) });
            Tensor[] inputs = fixedSize.Graph.Inputs.Select(v => OperatorCheck.RandomTensor(v, random, low, high)).ToArray();
            IReadOnlyList<Tensor> expected = fixedSize.Run(inputs);
            int[] dimensions = Dimensions(dynamic[0].Graph, OptionParser.Dimensions(size));
            for (int width = 0; width < dynamic.Count; width++)
            {
                IReadOnlyList<Tensor> actual = dynamic[width].RunAt(dimensions, inputs);
                for (int i = 0; i < expected.Count; i++)
                {
                    OperatorCheck.AssertClose(actual[i], expected[i], relative, 1e-5, $"{OperatorCheck.Isas[width]}, {size}, output {i}");
                }

                if (dynamic[width].Result.Plan!.Phases.Count > 0)
                {
                    dynamic[width].RunAtThreaded(3, dimensions, inputs).ShouldEqualBits(actual, $"{size} on 3 threads");
                }
            }
        }
    }

    private static int[] Dimensions(Graph graph, IReadOnlyList<DimensionBinding> bindings) => graph.Sizes
        .Where(static v => !v.IsComputed)
        .Select(v => bindings.Single(b => b.Name == v.Name).Value)
        .ToArray();
}
