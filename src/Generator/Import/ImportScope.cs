using System;
using System.Collections.Generic;
using System.Linq;
using AotCompiler.Diagnostics;
using AotCompiler.Ir;
using AotCompiler.Operators;

namespace AotCompiler.Import;

/// <summary>The names of one graph of the file, and through it those of the graphs around.</summary>
internal sealed class ImportScope
{
    /// <summary>Multiplier of Knuth's MMIX generator: odd, so that no two runs become one, and without a pattern.</summary>
    private const long RunFactor = 6364136223846793005;

    private readonly ImportScope? _outer;
    private readonly Dictionary<string, ModelValue> _values = new(StringComparer.Ordinal);
    private readonly Dictionary<string, ModelValue> _captured = new(StringComparer.Ordinal);
    private readonly Dictionary<Value, Value> _inner = new();
    private readonly List<(Value Outer, Value Inner)> _captures = new();
    private readonly Value? _iteration;
    private Value? _runNumber;

    /// <param name="graph">The graph that is built.</param>
    /// <param name="outer">The scope around; null for the model's own graph. If it builds another graph, what is read of it is captured.</param>
    /// <param name="iteration">In a graph that runs repeatedly the number of the iteration, one i64.</param>
    public ImportScope(Graph graph, ImportScope? outer, Value? iteration = null)
    {
        Graph = graph;
        _outer = outer;
        _iteration = iteration;
    }

    public Graph Graph { get; }

    /// <summary>Names that the scope itself defines.</summary>
    public IEnumerable<string> Names => _values.Keys;

    /// <summary>Run-time values of the graph around that this one reads, and what they are in it, in the order of first use.</summary>
    public IReadOnlyList<(Value Outer, Value Inner)> Captures => _captures;

    /// <summary>True if the scope itself or one around it defines the name.</summary>
    public bool Knows(string name) => _values.ContainsKey(name) || (_outer?.Knows(name) ?? false);

    /// <summary>True if the scope itself defines the name.</summary>
    public bool Defines(string name) => _values.ContainsKey(name);

    /// <summary>Defines a name.</summary>
    /// <exception cref="ModelException">The scope defines it already.</exception>
    public void Define(string name, ModelValue value)
    {
        if (_values.ContainsKey(name))
        {
            throw new ModelException(DiagnosticCodes.GraphMalformed, $"The value name \"{name}\" is defined twice. Check the model with its exporter.");
        }

        _values.Add(name, value);
    }

    /// <summary>What a name stands for in this scope's graph; null if nothing defines it.</summary>
    public ModelValue? Find(string name)
    {
        if (_values.TryGetValue(name, out ModelValue? own) || _captured.TryGetValue(name, out own))
        {
            return own;
        }

        if (_outer?.Find(name) is not { } found)
        {
            return null;
        }

        return ReferenceEquals(_outer.Graph, Graph)
            ? found
            : _captured[name] = found.With(new Queue<Value>(found.Tensors.Select(Capture)));
    }

    /// <summary>A number that differs from run to run of the graph, one i64: that of the model's own run, joined with those of the iterations around.</summary>
    /// <param name="ofModel">The number of the run in the model's own graph.</param>
    public Value RunNumber(Func<Value> ofModel)
    {
        if (_outer is null)
        {
            return ofModel();
        }

        Value around = _outer.RunNumber(ofModel);
        return ReferenceEquals(_outer.Graph, Graph) ? around : _runNumber ??= _iteration is null ? Capture(around) : Joined(Capture(around), _iteration);
    }

    /// <summary>The value of the graph around that a value of this one is, and the scope that knows it; null for values of this graph's own.</summary>
    public (ImportScope Scope, Value Outer)? Around(Value inner)
    {
        for (ImportScope? scope = this; scope is not null && ReferenceEquals(scope.Graph, Graph); scope = scope._outer)
        {
            int index = scope._captures.FindIndex(c => ReferenceEquals(c.Inner, inner));
            if (index >= 0)
            {
                return (scope._outer!, scope._captures[index].Outer);
            }
        }

        return null;
    }

    /// <summary>A value of the graph around as it looks in this one: constants and sizes are known in both.</summary>
    public static Value Copy(string name, Value outer) => outer.Constant is { } constant
        ? Value.FromConstant(name, constant)
        : new Value(name, outer.Type, outer.Shape) { Sizes = outer.IsSizeExpression ? outer.Sizes : null };

    /// <summary>One number for two: run · factor + iteration + 1, which nested loops repeat.</summary>
    private Value Joined(Value run, Value iteration)
    {
        var rewriter = new GraphRewriter(Graph);
        Value Constant(long number, string name) => rewriter.Constant(Tensor.Create(ElementType.Int64, Shape.Scalar, new[] { number }), name);
        Value scaled = rewriter.Insert("Mul", "scaled run number", new[] { run, Constant(RunFactor, "run factor") });
        Value count = rewriter.Insert("Add", "iteration count", new[] { iteration, Constant(1, "one") });
        return rewriter.Insert("Add", "iteration's run number", new[] { scaled, count });
    }

    private Value Capture(Value outer)
    {
        if (!_inner.TryGetValue(outer, out Value? inner))
        {
            string name = Graph.UniqueName(outer.Name);
            _inner[outer] = inner = Copy(name, outer);
            if (!inner.IsConstant && !inner.IsSizeExpression)
            {
                _captures.Add((outer, inner));
            }
        }

        return inner;
    }
}
