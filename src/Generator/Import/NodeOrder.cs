using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using AotCompiler.Diagnostics;
using AotCompiler.Onnx;

namespace AotCompiler.Import;

/// <summary>Topological order of a file's nodes. The specification demands it of the file; files that break it but have no cycle are put right.</summary>
internal static class NodeOrder
{
    /// <summary>Sorts, keeping the file's order wherever it is valid.</summary>
    /// <exception cref="ModelException">A name is read but never defined, defined twice, or the graph has a cycle.</exception>
    public static IReadOnlyList<OnnxNode> Sort(ImmutableArray<OnnxNode> nodes, IEnumerable<string> given)
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

        return new Walk(nodes, producers).Run();
    }

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

        public Walk(ImmutableArray<OnnxNode> nodes, Dictionary<string, int> producers)
        {
            _nodes = nodes;
            _producers = producers;
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
                    if (input == _nodes[node].Inputs.Length)
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
            string name = _nodes[node].Inputs[input];
            if (name.Length == 0)
            {
                return -1;
            }

            return _producers.TryGetValue(name, out int producer)
                ? producer
                : throw Malformed(_nodes[node], $"it reads the value \"{name}\", which nothing defines");
        }
    }
}
