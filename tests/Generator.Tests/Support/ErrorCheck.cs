using System;
using System.Linq;
using AotCompiler.Ir;
using AotCompiler.Operators;
using AotCompiler.Tests.Onnx;

namespace AotCompiler.Tests.Support;

/// <summary>Measures the error of kernels that do not sum by definition.</summary>
internal static class ErrorCheck
{
    /// <summary>The largest error of output 0, of all vector widths, relative to the largest output.</summary>
    public static double RelativeToLargest(ModelBuilder model)
    {
        byte[] bytes = model.ToBytes();
        Graph graph = OperatorCheck.Import(bytes);
        Tensor[] inputs = Inputs(graph);
        float[] expected = GraphInterpreter.Run(graph, inputs)[0].Floats().ToArray();
        double largest = expected.Max(static v => Math.Abs((double)v));
        return CompiledModel.CompileAll(bytes, OperatorCheck.Isas)
            .Max(compiled => compiled.Run(inputs)[0].Floats().ToArray().Zip(expected, static (a, e) => Math.Abs((double)a - e)).Max(static e => double.IsNaN(e) ? double.MaxValue : e)) / largest;
    }

    /// <summary>Seeded random inputs.</summary>
    public static Tensor[] Inputs(Graph graph)
    {
        var random = new Random(1);
        return graph.Inputs.Select(v => OperatorCheck.RandomTensor(v, random)).ToArray();
    }
}
