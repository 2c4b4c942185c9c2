using System;
using System.Collections.Generic;
using System.Linq;
using AotCompiler.Ir;
using AotCompiler.Onnx;
using AotCompiler.Onnx.Proto;
using AotCompiler.Tests.Onnx;
using AotCompiler.Tests.Support;
using Google.Protobuf;

namespace AotCompiler.Tests.Fuzzing;

/// <summary>Makes a failing model small: fewer outputs, and graph inputs in place of what nodes compute.</summary>
internal static class GraphShrinker
{
    private const int MaxAttempts = 60;

    /// <summary>A smaller model that still fails.</summary>
    public static ModelProto Shrink(ModelProto model, Func<ModelProto, bool> fails)
    {
        int attempts = 0;
        bool smaller = true;
        while (smaller)
        {
            smaller = false;
            foreach (ModelProto candidate in Candidates(model))
            {
                if (++attempts > MaxAttempts)
                {
                    return model;
                }

                if (fails(candidate))
                {
                    model = candidate;
                    smaller = true;
                    break;
                }
            }
        }

        return model;
    }

    private static IEnumerable<ModelProto> Candidates(ModelProto model)
    {
        for (int i = model.Graph.Output.Count - 1; i >= 0 && model.Graph.Output.Count > 1; i--)
        {
            ModelProto candidate = model.Clone();
            candidate.Graph.Output.RemoveAt(i);
            yield return Prune(candidate);
        }

        for (int i = model.Graph.Node.Count - 1; i >= 0; i--)
        {
            if (InputsInsteadOf(model, i) is { } candidate)
            {
                yield return candidate;
            }
        }
    }

    /// <summary>Turns a node's results into inputs of the graph; null where that is no use.</summary>
    private static ModelProto? InputsInsteadOf(ModelProto model, int index)
    {
        ModelProto probe = model.Clone();
        NodeProto node = probe.Graph.Node[index];
        probe.Graph.Output.Clear();
        probe.Graph.Output.Add(node.Output.Select(static o => new ValueInfoProto { Name = o }));
        Graph graph = OperatorCheck.Import(probe.ToByteArray());
        if (graph.Outputs.Any(static o => o.Value.IsConstant || o.Value.Type is not (ElementType.Float32 or ElementType.Int64)))
        {
            return null;
        }

        ModelProto candidate = model.Clone();
        candidate.Graph.Node.RemoveAt(index);
        candidate.Graph.Input.Add(graph.Outputs.Select(static o => Protos.Value(o.Name, (OnnxDataType)(int)o.Value.Type, o.Value.Shape.Dimensions.Select(static d => (long)d).ToArray())));
        return Prune(candidate);
    }

    /// <summary>Drops nodes, inputs and constants that no output needs.</summary>
    private static ModelProto Prune(ModelProto model)
    {
        var needed = model.Graph.Output.Select(static o => o.Name).ToHashSet(StringComparer.Ordinal);
        for (int i = model.Graph.Node.Count - 1; i >= 0; i--)
        {
            if (model.Graph.Node[i].Output.Any(needed.Contains))
            {
                needed.UnionWith(model.Graph.Node[i].Input);
            }
            else
            {
                model.Graph.Node.RemoveAt(i);
            }
        }

        Keep(model.Graph.Input, v => needed.Contains(v.Name));
        Keep(model.Graph.Initializer, t => needed.Contains(t.Name));
        return model;
    }

    private static void Keep<T>(IList<T> list, Func<T, bool> keep)
    {
        for (int i = list.Count - 1; i >= 0; i--)
        {
            if (!keep(list[i]))
            {
                list.RemoveAt(i);
            }
        }
    }
}
