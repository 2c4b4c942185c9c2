using System;
using System.Collections.Generic;
using System.Linq;
using System.Runtime.InteropServices;
using AotCompiler.Onnx;

namespace AotCompiler.Cli.Numerics;

/// <summary>What one step of a code is in an output that codes make.</summary>
/// <param name="Size">The difference that a step makes: 1 for codes, their scale for real numbers.</param>
/// <param name="IsLogarithm">True for probabilities: a step is a difference of their logarithms, beside a shift that a row has in common.</param>
internal readonly record struct QuantizationStep(double Size, bool IsLogarithm)
{
    /// <summary>Nodes between an output and its codes that are looked through.</summary>
    private const int MaxDepth = 16;

    /// <summary>Operators that keep elements as they are, or average them: a step of a code is at most one of the result.</summary>
    private static readonly HashSet<string> Keeping = new(StringComparer.Ordinal)
    {
        "Identity", "Reshape", "Flatten", "Squeeze", "Unsqueeze", "Transpose", "AveragePool", "GlobalAveragePool", "ReduceMean", "MaxPool", "Relu", "Clip",
    };

    /// <summary>The step of an output; null if it is not known, as behind operators that compute.</summary>
    public static QuantizationStep? Of(OnnxGraph graph, string output)
    {
        Dictionary<string, OnnxNode> producers = graph.Nodes.SelectMany(static n => n.Outputs.Where(static o => o.Length > 0).Select(o => (o, n))).GroupBy(static p => p.o).ToDictionary(static g => g.Key, static g => g.First().n);
        bool logarithm = false;
        string value = output;
        for (int depth = 0; depth < MaxDepth && producers.TryGetValue(value, out OnnxNode? node); depth++)
        {
            if (node.OpType == "DequantizeLinear")
            {
                return Scale(graph, node) is { } scale ? new QuantizationStep(scale, logarithm) : null;
            }

            if (node.OpType == "QuantizeLinear" || node.OpType == "QGemm" || node.OpType.StartsWith("QLinear", StringComparison.Ordinal))
            {
                return logarithm ? null : new QuantizationStep(1, false);
            }

            if (node.OpType == "Softmax" && !logarithm)
            {
                logarithm = true;
            }
            else if (!Keeping.Contains(node.OpType))
            {
                return null;
            }

            value = node.Inputs[0];
        }

        return null;
    }

    private static double? Scale(OnnxGraph graph, OnnxNode dequantize) =>
        graph.Initializers.FirstOrDefault(t => t.Name == dequantize.Inputs[1]) is { DataType: OnnxDataType.Float, ElementCount: 1 } scale
            ? MemoryMarshal.Read<float>(scale.Data.Span)
            : null;
}
