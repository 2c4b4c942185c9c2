using System;
using System.Collections.Generic;
using System.Linq;
using AotCompiler.Ir;

namespace AotCompiler.Operators;

/// <summary>Plain evaluation of a loop.</summary>
internal static class LoopOracle
{
    public static IReadOnlyList<Tensor> Run(Node node, LoopForm form, IReadOnlyList<Tensor?> inputs)
    {
        long trips = form.Trips >= 0 ? form.Trips : inputs[0] is { } count ? count.ToInt64Array()[0] : long.MaxValue;
        bool condition = inputs[1] is null || inputs[1]!.Bytes[0] != 0;
        Tensor[] states = inputs.Skip(2).Take(form.States).Select(static t => t!).ToArray();
        Tensor[] walked = inputs.Skip(2 + form.States).Take(form.Walked).Select(static t => t!).ToArray();
        Tensor[] captures = inputs.Skip(form.OwnInputs).Select(static t => t!).ToArray();
        List<Tensor>[] collected = Enumerable.Range(0, form.Collected).Select(static _ => new List<Tensor>()).ToArray();
        for (long i = 0; i < trips && condition; i++)
        {
            var arguments = new List<Tensor> { Tensor.Create(ElementType.Int64, Shape.Scalar, new[] { i }) };
            arguments.AddRange(states);
            arguments.AddRange(walked.Select((t, k) => Part(t, form.ReversedInputs[k] ? t.Shape[0] - 1 - i : i)));
            arguments.AddRange(captures);
            IReadOnlyList<Tensor> results = GraphInterpreter.Run(form.Body, arguments);
            condition = results[0].Bytes[0] != 0;
            states = results.Skip(1).Take(form.States).ToArray();
            for (int k = 0; k < collected.Length; k++)
            {
                collected[k].Add(results[1 + form.States + k]);
            }
        }

        return states.Concat(collected.Select((parts, k) => Join(node, form, parts, k))).ToArray();
    }

    /// <summary>What a collected output consists of.</summary>
    private static Tensor Join(Node node, LoopForm form, List<Tensor> parts, int index)
    {
        Value output = node.Outputs[form.States + index];
        Shape shape = parts.Count == 0 ? output.Shape.With(0, 0) : new Shape(parts[0].Shape.Dimensions.Prepend(form.Capacity >= 0 ? parts.Count : output.Shape[0]));
        var bytes = new byte[shape.ElementCount * output.Type.Size()];
        for (int i = 0; i < parts.Count; i++)
        {
            parts[i].Bytes.CopyTo(bytes.AsSpan((int)((form.ReversedOutputs[index] ? shape[0] - 1 - i : i) * parts[i].ByteCount)));
        }

        return Tensor.FromBytes(output.Type, shape, bytes, node.Name);
    }

    private static Tensor Part(Tensor tensor, long index)
    {
        var shape = new Shape(tensor.Shape.Dimensions.Skip(1));
        int bytes = (int)(shape.ElementCount * tensor.Type.Size());
        return Tensor.FromBytes(tensor.Type, shape, tensor.Memory.Slice((int)index * bytes, bytes), tensor.Recipe);
    }
}
