using System;
using System.Collections.Generic;
using System.Linq;
using AotCompiler.Ir;
using AotCompiler.Lowering;
using AotCompiler.Onnx;

namespace AotCompiler.Cli.Profiling;

/// <summary>
/// Finds the step that computes a tensor of the model. A tensor that no step writes, because its node was fused into another, belongs to
/// the step that writes what it is made of, if that serves nothing else (a normalisation folded into weights), or else to the step that
/// computes the first of its successors that one does.
/// </summary>
internal sealed class StepOfTensor
{
    private const string BlockedMark = "_nchwc";

    private readonly Dictionary<string, int> _written = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _nodes = new(StringComparer.Ordinal);
    private readonly Dictionary<string, OnnxNode> _producers = new(StringComparer.Ordinal);
    private readonly Dictionary<string, List<OnnxNode>> _readers = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _modelReaders;
    private readonly Dictionary<string, int?> _found = new(StringComparer.Ordinal);

    /// <param name="model">The model as it was read.</param>
    /// <param name="steps">Our steps.</param>
    public StepOfTensor(OnnxGraph model, IReadOnlyList<Step> steps)
    {
        foreach (Step step in steps)
        {
            if (step.Node is { Name.Length: > 0 } node)
            {
                _nodes[node.Name] = step.Index;
            }

            foreach (Value output in step.Node?.Outputs ?? [])
            {
                _written[output.Name] = step.Index;
            }
        }

        foreach (OnnxNode node in model.Nodes)
        {
            foreach (string output in node.Outputs)
            {
                _producers[output] = node;
            }
        }

        AddReaders(model);
        _modelReaders = _readers.ToDictionary(static r => r.Key, static r => r.Value.Count, StringComparer.Ordinal);
    }

    /// <summary>Our step for each node of the rewritten graph, in the order they were timed; null where there is none.</summary>
    public int?[] StepsOf(OnnxGraph rewritten, IReadOnlyList<PeerNode> timed)
    {
        AddReaders(rewritten);
        Dictionary<string, OnnxNode> byName = rewritten.Nodes.Where(static n => n.Name.Length > 0)
            .GroupBy(static n => n.Name)
            .ToDictionary(static g => g.Key, static g => g.First(), StringComparer.Ordinal);

        // Nodes without a name run in the file's order: the n-th of an operator here is the n-th there.
        Dictionary<string, Queue<OnnxNode>> nameless = rewritten.Nodes.Where(static n => n.Name.Length == 0)
            .GroupBy(static n => n.OpType)
            .ToDictionary(static g => g.Key, static g => new Queue<OnnxNode>(g), StringComparer.Ordinal);
        return timed.Select(node => byName.TryGetValue(node.Name, out OnnxNode? known) ? Of(known)
            : nameless.TryGetValue(node.Operator, out Queue<OnnxNode>? queue) && queue.Count > 0 ? Of(queue.Dequeue())
            : null).ToArray();
    }

    private int? Of(OnnxNode node) => node.Outputs.Prepend(BlockedTensor(node.Name)).Select(Find).FirstOrDefault(static s => s is not null);

    /// <summary>The tensor of the model that a node of the blocked layout computes: its outputs have new names, but its own name tells.</summary>
    private static string BlockedTensor(string nodeName)
    {
        int end = nodeName.LastIndexOf(BlockedMark, StringComparison.Ordinal);
        return end < 0 ? string.Empty : nodeName[..end];
    }

    private void AddReaders(OnnxGraph graph)
    {
        foreach (OnnxNode node in graph.Nodes)
        {
            foreach (string input in node.Inputs.Where(static i => i.Length > 0))
            {
                if (!_readers.TryGetValue(input, out List<OnnxNode>? readers))
                {
                    _readers.Add(input, readers = []);
                }

                readers.Add(node);
            }
        }
    }

    private int? Find(string tensor)
    {
        if (!_found.TryGetValue(tensor, out int? step))
        {
            _found[tensor] = step = _written.TryGetValue(tensor, out int written) ? written : Before(tensor) ?? After(tensor);
        }

        return step;
    }

    /// <summary>The step of the tensor's node, or the one that writes the node's only computed operand, if nothing else reads that.</summary>
    private int? Before(string tensor)
    {
        while (_producers.TryGetValue(tensor, out OnnxNode? producer))
        {
            if (_nodes.TryGetValue(producer.Name, out int own))
            {
                return own;
            }

            string[] computed = producer.Inputs.Where(i => _producers.TryGetValue(i, out OnnxNode? made) && made.OpType != "Constant").ToArray();
            if (computed.Length != 1 || _modelReaders[computed[0]] != 1)
            {
                return null;
            }

            tensor = computed[0];
            if (_written.TryGetValue(tensor, out int step))
            {
                return step;
            }
        }

        return null;
    }

    /// <summary>Breadth first along the tensors made of this one.</summary>
    private int? After(string tensor)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal) { tensor };
        var queue = new Queue<string>(seen);
        int? step = null;
        while (step is null && queue.TryDequeue(out string? next))
        {
            if (_written.TryGetValue(next, out int written))
            {
                step = written;
            }
            else if (_readers.TryGetValue(next, out List<OnnxNode>? readers))
            {
                foreach (string output in readers.SelectMany(static r => r.Outputs).Where(seen.Add))
                {
                    queue.Enqueue(output);
                }
            }
        }

        return step;
    }
}
