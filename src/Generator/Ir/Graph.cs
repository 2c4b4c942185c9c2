using System;
using System.Collections.Generic;
using System.Linq;

namespace AotCompiler.Ir;

/// <summary>A result of the model: the name users know it by, and the value that holds it.</summary>
internal sealed class GraphOutput
{
    public GraphOutput(string name, Value value)
    {
        Name = name;
        Value = value;
    }

    public string Name { get; }

    public Value Value { get; set; }

    /// <summary>What the entries of the last dimension are called, where the model's output is a sequence of maps; else null.</summary>
    public IReadOnlyList<string>? Keys { get; init; }
}

/// <summary>A tensor that one run of the model hands to the next.</summary>
internal sealed class GraphState
{
    public GraphState(Value input, Value output)
    {
        Input = input;
        Output = output;
    }

    /// <summary>What the last run left; zeros at the start.</summary>
    public Value Input { get; }

    /// <summary>What the next run finds; of the same type and shape.</summary>
    public Value Output { get; set; }
}

/// <summary>A typed, shaped dataflow graph in topological order.</summary>
internal sealed class Graph
{
    private readonly HashSet<string> _names = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _suffixes = new(StringComparer.Ordinal);
    private List<Node> _nodes = new();

    /// <param name="name">Name for people.</param>
    /// <param name="around">For a body the graph around, whose run-time sizes it shares.</param>
    public Graph(string name, Graph? around = null)
    {
        Name = name;
        Sizes = around?.Sizes ?? new List<SizeVariable>();
    }

    public string Name { get; }

    public List<Value> Inputs { get; } = new();

    public List<GraphOutput> Outputs { get; } = new();

    /// <summary>What the elements of an input, or the columns of a result, are called, where the model has maps.</summary>
    public Dictionary<Value, IReadOnlyList<string>> Keys { get; } = new();

    /// <summary>What the model keeps from run to run: neither among the inputs nor among the outputs.</summary>
    public List<GraphState> States { get; } = new();

    /// <summary>True if the model makes random numbers, so that its results are those of no other program.</summary>
    public bool IsRandom { get; set; }

    /// <summary>Sizes that are known only at run time, by number: first the parameters of <c>Run</c>, then counts that steps find.</summary>
    public List<SizeVariable> Sizes { get; }

    /// <summary>Nodes; each stands after the producers of its inputs once <see cref="Sort"/> has run.</summary>
    public IReadOnlyList<Node> Nodes => _nodes;

    /// <summary>Adds a node at the end; <see cref="Sort"/> brings it to its place.</summary>
    public void Add(Node node) => _nodes.Add(node);

    /// <summary>For attributes in dumps.</summary>
    public override string ToString() => $"graph of {_nodes.Count} nodes";

    /// <summary>True if the value is needed when the nodes have run: as an output or a state.</summary>
    public bool IsOutput(Value value) => Outputs.Any(output => ReferenceEquals(output.Value, value)) || States.Any(state => ReferenceEquals(state.Output, value));

    /// <summary>A value name that is not taken yet, derived from <paramref name="wanted"/>.</summary>
    public string UniqueName(string wanted)
    {
        if (_names.Add(wanted))
        {
            return wanted;
        }

        // A node taken apart may ask for thousands of the same name: the search goes on where it ended.
        int i = _suffixes.TryGetValue(wanted, out int next) ? next : 1;
        string name = $"{wanted}_{i}";
        while (!_names.Add(name))
        {
            name = $"{wanted}_{++i}";
        }

        _suffixes[wanted] = i + 1;
        return name;
    }

    /// <summary>Makes all readers of <paramref name="old"/>, and the graph's outputs, take <paramref name="replacement"/>.</summary>
    public void Replace(Value old, Value replacement)
    {
        foreach (Use use in old.Uses.Reverse().ToArray())
        {
            use.Node.SetInput(use.Index, replacement);
        }

        foreach (GraphOutput output in Outputs)
        {
            if (ReferenceEquals(output.Value, old))
            {
                output.Value = replacement;
            }
        }

        foreach (GraphState state in States)
        {
            if (ReferenceEquals(state.Output, old))
            {
                state.Output = replacement;
            }
        }
    }

    /// <summary>Puts the nodes into another order, as far as it is valid.</summary>
    public void Reorder(IEnumerable<Node> nodes)
    {
        _nodes = nodes.ToList();
        Sort();
    }

    /// <summary>Drops removed nodes and restores topological order, keeping the present order wherever it is valid.</summary>
    public void Sort()
    {
        Dictionary<SizeVariable, Node> counts = _nodes.Where(static n => !n.IsRemoved)
            .SelectMany(static n => n.ComputedSizes, static (n, s) => (Node: n, Size: s))
            .ToDictionary(static c => c.Size, static c => c.Node);
        var needed = new Dictionary<Node, Node?[]>();
        var sorted = new List<Node>(_nodes.Count);
        var state = new Dictionary<Node, bool>();
        var stack = new Stack<(Node Node, int NextInput)>();
        foreach (Node root in _nodes)
        {
            if (root.IsRemoved || state.ContainsKey(root))
            {
                continue;
            }

            state[root] = false;
            stack.Push((root, 0));
            while (stack.Count > 0)
            {
                (Node node, int next) = stack.Pop();
                if (next == 0)
                {
                    needed[node] = Needed(node, counts);
                }

                if (next == needed[node].Length)
                {
                    state[node] = true;
                    sorted.Add(node);
                    continue;
                }

                stack.Push((node, next + 1));
                Node? producer = needed[node][next];
                if (producer is null)
                {
                    continue;
                }

                if (!state.TryGetValue(producer, out bool done))
                {
                    state[producer] = false;
                    stack.Push((producer, 0));
                }
                else if (!done)
                {
                    throw new InvalidOperationException($"the graph has a cycle through {producer}");
                }
            }
        }

        _nodes = sorted;
    }

    /// <summary>The nodes that must run before a node: those that make its inputs, and those that find counts which its sizes depend on.</summary>
    private static Node?[] Needed(Node node, Dictionary<SizeVariable, Node> counts)
    {
        IEnumerable<Node?> producers = node.Inputs.Select(static v => v?.Producer);
        return (counts.Count == 0 ? producers : producers.Concat(node.UsedSizes
            .Distinct()
            .Select(s => counts.TryGetValue(s, out Node? finder) && !ReferenceEquals(finder, node) ? finder : null))).ToArray();
    }
}
