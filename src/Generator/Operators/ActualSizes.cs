using System;
using System.Collections.Generic;
using System.Linq;
using AotCompiler.Ir;

namespace AotCompiler.Operators;

/// <summary>The sizes of one interpreted run: those that the inputs have, and the counts that nodes found in their data.</summary>
internal sealed class ActualSizes
{
    /// <summary>The sizes of the graph around the body that is interpreted on this thread: bodies share them.</summary>
    [ThreadStatic]
    private static ActualSizes? _around;

    private readonly Graph _graph;
    private readonly Dictionary<SizeVariable, long> _values = new();

    /// <param name="graph">The graph.</param>
    /// <param name="inputs">One tensor per graph input.</param>
    public ActualSizes(Graph graph, IReadOnlyList<Tensor> inputs)
    {
        _graph = graph;
        foreach (KeyValuePair<SizeVariable, long> known in _around?._values ?? new Dictionary<SizeVariable, long>())
        {
            _values[known.Key] = known.Value;
        }

        for (int i = 0; i < graph.Inputs.Count; i++)
        {
            Shape declared = graph.Inputs[i].Shape;
            for (int axis = 0; axis < declared.Rank; axis++)
            {
                if (declared.Extent(axis).Size is { } size && size.Variables[0] is var variable && size.Equals(Size.Of(variable) * Size.Of(variable.Step)))
                {
                    _values[variable] = inputs[i].Shape[axis] / variable.Step;
                }
            }
        }
    }

    /// <summary>The data of a value that is made of sizes.</summary>
    public Tensor Data(Value value)
    {
        var bytes = new byte[value.Shape.ElementCount * value.Type.Size()];
        for (int i = 0; i < value.Shape.ElementCount; i++)
        {
            ElementEvaluation.Write(bytes, value.Type, i, value.Sizes!.Elements![i].Evaluate(v => _values[v]));
        }

        return Tensor.FromBytes(value.Type, value.Shape, bytes, value.Name);
    }

    /// <summary>A node's results for operands of their actual shapes.</summary>
    public IReadOnlyList<Tensor> Evaluate(Node node, Tensor?[] operands)
    {
        if (!node.Subgraphs.Any())
        {
            return EvaluateHere(node, operands);
        }

        ActualSizes? around = _around;
        _around = this;
        try
        {
            return EvaluateHere(node, operands);
        }
        finally
        {
            _around = around;
        }
    }

    private IReadOnlyList<Tensor> EvaluateHere(Node node, Tensor?[] operands)
    {
        bool varies = node.ComputedSizes.Count > 0 || node.Inputs.Concat(node.Outputs).OfType<Value>().Any(static v => v.Shape.IsDynamic || v.Sizes is not null);
        return varies ? EvaluateActual(node, operands) : NodeEvaluation.Evaluate(node, operands);
    }

    private IReadOnlyList<Tensor> EvaluateActual(Node node, Tensor?[] operands)
    {
        (Value Value, ElementType Type, Shape Shape, Tensor? Constant)[] before = node.Inputs.Take(node.OperatorInputCount).Concat(node.Outputs)
            .OfType<Value>()
            .Distinct()
            .Select(static v => (v, v.Type, v.Shape, v.Constant))
            .ToArray();
        try
        {
            for (int i = 0; i < node.OperatorInputCount; i++)
            {
                if (node.Inputs[i] is { } input && (input.Shape.IsDynamic || input.Sizes is not null))
                {
                    input.Shape = operands[i]!.Shape;
                    input.Constant = input.Sizes is null ? input.Constant : operands[i];
                }
            }

            node.Operator.Infer(new InferContext(node, InferContext.Actual, _graph));
            IReadOnlyList<Tensor> results = NodeEvaluation.Evaluate(node, operands);
            Note(node, before.ToDictionary(static b => b.Value, static b => b.Shape), results);
            return results;
        }
        finally
        {
            foreach ((Value value, ElementType type, Shape shape, Tensor? constant) in before)
            {
                (value.Type, value.Shape, value.Constant) = (type, shape, constant);
            }
        }
    }

    /// <summary>Takes the counts that a node found from the shapes of its results.</summary>
    private void Note(Node node, IReadOnlyDictionary<Value, Shape> declared, IReadOnlyList<Tensor> results)
    {
        IReadOnlyList<long>? counts = node.Operator.CountsIn(node, results);
        for (int i = 0; counts is not null && i < counts.Count; i++)
        {
            _values[node.ComputedSizes[i]] = counts[i];
        }

        foreach (SizeVariable count in counts is null ? node.ComputedSizes : Enumerable.Empty<SizeVariable>())
        {
            var size = Size.Of(count);
            for (int i = 0; i < results.Count && i < node.Outputs.Count; i++)
            {
                int axis = Array.FindIndex(declared[node.Outputs[i]].Extents.ToArray(), e => size.Equals(e.Size));
                if (axis >= 0)
                {
                    _values[count] = results[i].Shape[axis];
                }
            }
        }
    }
}
