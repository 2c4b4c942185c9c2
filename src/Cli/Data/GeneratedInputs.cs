using System;
using System.Collections.Generic;
using System.Linq;
using AotCompiler.Cli.Numerics;
using AotCompiler.Ir;
using AotCompiler.Onnx;

namespace AotCompiler.Cli.Data;

/// <summary>Inputs for timing a model without data: the same on every machine.</summary>
internal static class GeneratedInputs
{
    /// <summary>
    /// Floats in [0, 1) from a fixed seed. Integers are 0, which is a valid index of every dimension, and booleans true,
    /// which masks nothing.
    /// </summary>
    public static IReadOnlyDictionary<string, TensorData> For(Graph graph)
    {
        var random = new Random(1);
        return graph.Inputs.ToDictionary(static v => v.Name, v => Make(v, random, graph.Keys.GetValueOrDefault(v)));
    }

    private static TensorData Make(Value input, Random random, IReadOnlyList<string>? keys)
    {
        var data = new byte[input.Shape.ElementCount * input.Type.Size()];
        if (input.Type.IsFloat() || input.Type == ElementType.Bool)
        {
            for (int i = 0; i < input.Shape.ElementCount; i++)
            {
                ElementEvaluation.Write(data, input.Type, i, input.Type == ElementType.Bool ? 1 : random.NextDouble());
            }
        }

        byte[] stored = input.Type.PackedBits() == 0 ? data : PackedElements.Pack(data, input.Type);
        return new TensorData((OnnxDataType)(int)input.Type, input.Shape.Dimensions.Select(static d => (long)d).ToArray(), stored) { Keys = keys };
    }
}
