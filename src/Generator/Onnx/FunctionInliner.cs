using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using System.Threading;
using AotCompiler.Diagnostics;

namespace AotCompiler.Onnx;

/// <summary>
/// Replaces every call of a model's own functions by the function's body. Inner values get names that no other value
/// of the model has; references to the function's attributes become the call's attributes or their defaults.
/// Declared types of a function's inner values are dropped, since each call may have other shapes.
/// </summary>
internal sealed class FunctionInliner
{
    private const int NodeBytes = 256;
    private const int AttributeBytes = 64;

    private readonly OnnxModel _model;
    private readonly ReaderLimits _limits;
    private readonly CancellationToken _cancellation;
    private readonly Dictionary<(string Domain, string Name, string Overload), OnnxFunction> _functions = new();
    private readonly HashSet<(string Domain, string Name, string Overload)> _prepared = new();
    private readonly List<OnnxFunction> _calls = new();
    private readonly UniqueNames _names = new();
    private ImmutableSortedDictionary<string, long> _opsets;
    private int _depth;
    private int _addedNodes;
    private long _addedBytes;

    private FunctionInliner(OnnxModel model, ReaderLimits limits, CancellationToken cancellation)
    {
        _model = model;
        _limits = limits;
        _cancellation = cancellation;
        _opsets = model.OpsetImports;
    }

    /// <summary>Inlines all functions.</summary>
    /// <returns>A model without functions; the same instance when it has none.</returns>
    /// <exception cref="ModelException">A function is recursive, ambiguous, wrongly called, or grows beyond a limit.</exception>
    public static OnnxModel Inline(OnnxModel model, ReaderLimits? limits = null, CancellationToken cancellation = default) =>
        model.Functions.IsEmpty ? model : new FunctionInliner(model, limits ?? ReaderLimits.Default, cancellation).Run();

    private static string Describe(OnnxFunction function) =>
        $"function \"{function.Domain}:{function.Name}\"" + (function.Overload.Length == 0 ? "" : $" overload \"{function.Overload}\"");

    private static ModelException Malformed(string message) => new(DiagnosticCodes.GraphMalformed, message + " Export the model again.");

    private OnnxModel Run()
    {
        foreach (OnnxFunction function in _model.Functions)
        {
            var key = (function.Domain, function.Name, function.Overload);
            if (_functions.ContainsKey(key))
            {
                throw Malformed($"The model defines {Describe(function)} twice.");
            }

            _functions.Add(key, function);
        }

        _names.AddAll(_model.Graph);
        OnnxGraph graph = ExpandGraph(_model.Graph);
        return _model with { Graph = graph, OpsetImports = _opsets, Functions = ImmutableArray<OnnxFunction>.Empty };
    }

    /// <summary>Inlines the calls in a graph whose names are final.</summary>
    private OnnxGraph ExpandGraph(OnnxGraph graph)
    {
        Enter($"Graph \"{graph.Name}\"");
        ImmutableArray<OnnxNode>.Builder nodes = ImmutableArray.CreateBuilder<OnnxNode>(graph.Nodes.Length);
        foreach (OnnxNode node in graph.Nodes)
        {
            ExpandNode(node, nodes);
        }

        _depth--;
        return graph with { Nodes = nodes.ToImmutable() };
    }

    private void ExpandNode(OnnxNode node, ImmutableArray<OnnxNode>.Builder output)
    {
        _cancellation.ThrowIfCancellationRequested();
        if (_functions.ContainsKey((node.Domain, node.OpType, node.Overload)))
        {
            ExpandCall(node, Prepare((node.Domain, node.OpType, node.Overload)), output);
        }
        else
        {
            output.Add(MapGraphs(node, ExpandGraph));
        }
    }

    /// <summary>The function with its body's operator set versions settled, done once and before graphs of a caller come in.</summary>
    private OnnxFunction Prepare((string Domain, string Name, string Overload) key)
    {
        OnnxFunction function = _functions[key];
        if (_prepared.Add(key))
        {
            function = function with { Nodes = function.Nodes.Select(n => WithOpset(n, function)).ToImmutableArray() };
            _functions[key] = function;
        }

        return function;
    }

    private void ExpandCall(OnnxNode call, OnnxFunction function, ImmutableArray<OnnxNode>.Builder output)
    {
        if (_calls.Any(c => ReferenceEquals(c, function)))
        {
            throw Malformed($"Node \"{call.Name}\": {Describe(function)} calls itself, which ONNX does not allow.");
        }

        Enter($"Node \"{call.Name}\": {Describe(function)}");
        _calls.Add(function);
        foreach (OnnxNode node in new FunctionCall(call, function, _names).Body())
        {
            Account(node);
            ExpandNode(node, output);
        }

        _calls.RemoveAt(_calls.Count - 1);
        _depth--;
    }

    private void Enter(string what)
    {
        if (++_depth > _limits.MaxGraphDepth)
        {
            throw new ModelException(
                DiagnosticCodes.LimitExceeded,
                $"{what} lies within more than {_limits.MaxGraphDepth - 1} graphs and function calls. Flatten the model.");
        }
    }

    private void Account(OnnxNode node)
    {
        _addedNodes++;
        _addedBytes += NodeBytes + (16L * (node.Inputs.Length + node.Outputs.Length)) + ((long)AttributeBytes * node.Attributes.Length);
        if (_addedNodes > _limits.MaxInlinedNodes || _addedBytes + _names.AddedBytes > _limits.MaxInlinedBytes)
        {
            throw new ModelException(
                DiagnosticCodes.LimitExceeded,
                $"Inlining the model's functions adds more than {_limits.MaxInlinedNodes} nodes or {_limits.MaxInlinedBytes >> 20} MiB; " +
                $"the last was {Describe(_calls[_calls.Count - 1])}. Split the model.");
        }

        foreach (OnnxNode inner in GraphsOf(node).SelectMany(g => g.Nodes))
        {
            Account(inner);
        }
    }

    /// <summary>A body may be written for other operator set versions than the model's.</summary>
    private OnnxNode WithOpset(OnnxNode node, OnnxFunction function)
    {
        if (function.OpsetImports.TryGetValue(node.Domain, out long version))
        {
            if (!_opsets.TryGetValue(node.Domain, out long imported))
            {
                _opsets = _opsets.Add(node.Domain, version);
            }
            else if (imported != version)
            {
                node = node with { Opset = version };
            }
        }

        return MapGraphs(node, g => g with { Nodes = g.Nodes.Select(n => WithOpset(n, function)).ToImmutableArray() });
    }

    internal static IEnumerable<OnnxGraph> GraphsOf(OnnxNode node)
    {
        foreach (OnnxAttribute attribute in node.Attributes)
        {
            if (attribute.IsReference)
            {
                continue;
            }

            if (attribute.Kind == OnnxAttributeKind.Graph)
            {
                yield return attribute.Graph;
            }
            else if (attribute.Kind == OnnxAttributeKind.Graphs)
            {
                foreach (OnnxGraph graph in attribute.Graphs)
                {
                    yield return graph;
                }
            }
        }
    }

    private static OnnxNode MapGraphs(OnnxNode node, Func<OnnxGraph, OnnxGraph> map) => !GraphsOf(node).Any() ? node : node with
    {
        Attributes = node.Attributes.Select(a => MapGraphs(a, map)).ToImmutableArray(),
    };

    /// <summary>Applies a function to the graphs that an attribute holds itself.</summary>
    internal static OnnxAttribute MapGraphs(OnnxAttribute attribute, Func<OnnxGraph, OnnxGraph> map) => attribute switch
    {
        { IsReference: true } => attribute,
        { Kind: OnnxAttributeKind.Graph } => OnnxAttribute.Of(attribute.Name, map(attribute.Graph)),
        { Kind: OnnxAttributeKind.Graphs } => OnnxAttribute.Of(attribute.Name, attribute.Graphs.Select(map).ToImmutableArray()),
        _ => attribute,
    };
}
