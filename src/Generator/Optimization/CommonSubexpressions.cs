using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using AotCompiler.Ir;
using AotCompiler.Operators;

namespace AotCompiler.Optimization;

/// <summary>
/// Merges nodes that compute the same from the same. Small constants count by their content, large ones by identity, so
/// that no weights are read.
/// </summary>
internal sealed class CommonSubexpressions : GraphPass
{
    /// <summary>Largest constant, in bytes, that is compared by content.</summary>
    private const int ContentLimitBytes = 1024;

    public override bool Run(Graph graph, CancellationToken cancellation)
    {
        var numbers = new Numbering();
        var first = new Dictionary<string, Node>(StringComparer.Ordinal);
        bool changed = false;
        foreach (Node node in graph.Nodes.ToArray())
        {
            cancellation.ThrowIfCancellationRequested();
            if (!IsComparable(node))
            {
                continue;
            }

            string key = $"{node.Operator}|{node.Outputs.Count}|{node.Attributes.Signature()}|{string.Join(",", node.Inputs.Select(numbers.Of))}";
            if (!first.TryGetValue(key, out Node? twin))
            {
                first.Add(key, node);
                continue;
            }

            for (int i = 0; i < node.Outputs.Count; i++)
            {
                graph.Replace(node.Outputs[i], twin.Outputs[i]);
            }

            node.Remove();
            changed = true;
        }

        if (changed)
        {
            graph.Sort();
        }

        return changed;
    }

    private static bool IsComparable(Node node) => node.Operator.IsPure
        && node.Epilogue is null
        && node.ComputedSizes.Count == 0
        && node.Attributes.Names.All(n => node.Attributes.Raw(n) is long or float or string or Tensor or long[] or float[] or string[]);

    /// <summary>Numbers for values, the same number for constants of the same type, shape and content.</summary>
    private sealed class Numbering
    {
        private readonly Dictionary<Value, int> _values = new();
        private readonly Dictionary<Tensor, int> _tensors = new();
        private readonly Dictionary<string, int> _contents = new(StringComparer.Ordinal);
        private int _next;

        public string Of(Value? value)
        {
            if (value is null)
            {
                return "-";
            }

            if (!_values.TryGetValue(value, out int number))
            {
                _values[value] = number = value.Constant is { } constant ? OfConstant(constant) : _next++;
            }

            return $"{number}";
        }

        private int OfConstant(Tensor tensor)
        {
            if (!_tensors.TryGetValue(tensor, out int number))
            {
                number = tensor.IsCheap && tensor.ByteCount <= ContentLimitBytes ? OfContent(tensor) : _next++;
                _tensors[tensor] = number;
            }

            return number;
        }

        private int OfContent(Tensor tensor)
        {
            string content = $"{tensor.Type}{tensor.Shape}{Convert.ToBase64String(tensor.Bytes.ToArray())}";
            if (!_contents.TryGetValue(content, out int number))
            {
                _contents[content] = number = _next++;
            }

            return number;
        }
    }
}
