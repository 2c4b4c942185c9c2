using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;

namespace AotCompiler.Onnx;

/// <summary>Hands out value names that a model does not have yet.</summary>
internal sealed class UniqueNames
{
    private const int MaxLength = 128;

    private readonly HashSet<string> _used = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _next = new(StringComparer.Ordinal);

    /// <summary>Memory of the names handed out.</summary>
    public long AddedBytes { get; private set; }

    /// <summary>Marks every value name of a graph and its subgraphs as taken.</summary>
    public void AddAll(OnnxGraph graph)
    {
        _used.UnionWith(graph.Inputs.Select(v => v.Name));
        _used.UnionWith(graph.Initializers.Select(t => t.Name));
        _used.UnionWith(graph.SparseInitializers.Select(t => t.Values.Name));
        foreach (OnnxNode node in graph.Nodes)
        {
            _used.UnionWith(node.Inputs);
            _used.UnionWith(node.Outputs);
            foreach (OnnxGraph subgraph in FunctionInliner.GraphsOf(node))
            {
                AddAll(subgraph);
            }
        }
    }

    /// <summary>A new name like <c>scope/name</c>; long ones are cut, taken ones numbered.</summary>
    public string Create(string scope, string name)
    {
        string wanted = Join(scope, name);
        string candidate = wanted;
        while (!_used.Add(candidate))
        {
            _next.TryGetValue(wanted, out int number);
            _next[wanted] = ++number;
            candidate = wanted + "_" + number.ToString(CultureInfo.InvariantCulture);
        }

        AddedBytes += 160 + (4L * candidate.Length);
        return candidate;
    }

    /// <summary>The same spelling without the promise to be unique, for nodes.</summary>
    public static string Join(string scope, string name)
    {
        string joined = scope.Length == 0 ? name : scope + "/" + name;
        int start = Math.Max(0, joined.Length - MaxLength);
        return joined.Substring(start > 0 && char.IsLowSurrogate(joined[start]) ? start + 1 : start);
    }
}
