using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using AotCompiler.Diagnostics;
using AotCompiler.Onnx;
using AotCompiler.Operators;

namespace AotCompiler.Import;

/// <summary>Topological order of a file's nodes. The specification demands it of the file; files that break it but have no cycle are put right.</summary>
internal static class NodeOrder
{
    /// <summary>Sorts, keeping the file's order wherever it is valid.</summary>
    /// <exception cref="ModelException">A name is read but never defined, defined twice, or the graph has a cycle.</exception>
    /// <param name="nodes">The nodes of one graph.</param>
    /// <param name="given">Names that this graph defines by other means.</param>
    /// <param name="isKnown">True for these names and those of the graphs around.</param>
    public static IReadOnlyList<OnnxNode> Sort(ImmutableArray<OnnxNode> nodes, IEnumerable<string> given, Func<string, bool> isKnown)
    {
        var producers = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (string name in given)
        {
            producers[name] = -1;
        }

        for (int i = 0; i < nodes.Length; i++)
        {
            foreach (string output in nodes[i].Outputs)
            {
                if (output.Length == 0)
                {
                    continue;
                }

                if (producers.ContainsKey(output))
                {
                    throw Malformed(nodes[i], $"it defines the value \"{output}\" a second time");
                }

                producers[output] = i;
            }
        }

        return new Walk(nodes, producers, isKnown).Run();
    }

    /// <summary>The graphs in a node's attributes.</summary>
    public static IEnumerable<OnnxGraph> Bodies(OnnxNode node) => FunctionInliner.GraphsOf(node);

    private static ModelException Malformed(OnnxNode node, string reason) => new(
        DiagnosticCodes.GraphMalformed,
        $"'{node.OpType}' node \"{(node.Name.Length > 0 ? node.Name : string.Join(", ", node.Outputs))}\": {reason}. Check the model with its exporter.");

    /// <summary>Depth-first walk with an explicit stack: a chain of a million nodes must not overflow the real one.</summary>
    private sealed class Walk
    {
        private readonly ImmutableArray<OnnxNode> _nodes;
        private readonly Dictionary<string, int> _producers;
        private readonly byte[] _state;
        private readonly List<OnnxNode> _sorted;
        private readonly Func<string, bool> _isKnown;
        private readonly Dictionary<int, string[]> _captured = new();

        public Walk(ImmutableArray<OnnxNode> nodes, Dictionary<string, int> producers, Func<string, bool> isKnown)
        {
            _nodes = nodes;
            _producers = producers;
            _isKnown = isKnown;
            _state = new byte[nodes.Length];
            _sorted = new List<OnnxNode>(nodes.Length);
        }

        public IReadOnlyList<OnnxNode> Run()
        {
            var stack = new Stack<(int Node, int Input)>();
            for (int root = 0; root < _nodes.Length; root++)
            {
                Enter(root, stack);
                while (stack.Count > 0)
                {
                    (int node, int input) = stack.Pop();
                    if (input == _nodes[node].Inputs.Length + Captured(node).Length)
                    {
                        _state[node] = 2;
                        _sorted.Add(_nodes[node]);
                        continue;
                    }

                    stack.Push((node, input + 1));
                    Enter(ProducerOf(node, input), stack);
                }
            }

            return _sorted;
        }

        private void Enter(int node, Stack<(int Node, int Input)> stack)
        {
            if (node < 0 || _state[node] == 2)
            {
                return;
            }

            if (_state[node] == 1)
            {
                throw Malformed(_nodes[node], "it is part of a cycle");
            }

            _state[node] = 1;
            stack.Push((node, 0));
        }

        private int ProducerOf(int node, int input)
        {
            if (input >= _nodes[node].Inputs.Length)
            {
                return _producers[Captured(node)[input - _nodes[node].Inputs.Length]];
            }

            string name = _nodes[node].Inputs[input];
            if (name.Length == 0)
            {
                return -1;
            }

            return _producers.TryGetValue(name, out int producer) ? producer
                : _isKnown(name) ? -1
                : throw Malformed(_nodes[node], $"it reads the value \"{name}\", which nothing defines");
        }

        /// <summary>Names that the node's bodies or attributes read from around them and a node of this graph defines.</summary>
        private string[] Captured(int node)
        {
            if (!_captured.TryGetValue(node, out string[]? names))
            {
                _captured[node] = names = Bodies(_nodes[node])
                    .SelectMany(Free)
                    .Concat(Named(_nodes[node]))
                    .Where(n => _producers.TryGetValue(n, out int producer) && producer >= 0)
                    .Distinct()
                    .ToArray();
            }

            return names;
        }

        /// <summary>Tensors that the node reads by names in its attributes.</summary>
        private static IEnumerable<string> Named(OnnxNode node) => (OperatorRegistry.Find(node.Domain, node.OpType)?.TensorAttributes ?? Array.Empty<string>())
            .Select(name => node.Attributes.FirstOrDefault(a => a.Name == name))
            .SelectMany(static a => a?.Kind switch
            {
                OnnxAttributeKind.String => new[] { a.String },
                OnnxAttributeKind.Strings => a.Strings.ToArray(),
                _ => Array.Empty<string>(),
            });

        private static IEnumerable<string> Free(OnnxGraph graph) => graph.Nodes
            .SelectMany(static n => n.Inputs.Concat(Bodies(n).SelectMany(Free)))
            .Concat(graph.Outputs.Select(static o => o.Name))
            .Except(graph.Nodes.SelectMany(static n => n.Outputs)
                .Concat(graph.Inputs.Select(static i => i.Name))
                .Concat(graph.Initializers.Select(static t => t.Name)));
    }
}
