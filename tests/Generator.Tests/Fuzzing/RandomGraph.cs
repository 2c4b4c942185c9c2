using System;
using System.Collections.Generic;
using System.Linq;
using AotCompiler.Diagnostics;
using AotCompiler.Ir;
using AotCompiler.Onnx;
using AotCompiler.Onnx.Proto;
using AotCompiler.Tests.Onnx;
using AotCompiler.Tests.Support;
using Google.Protobuf;

namespace AotCompiler.Tests.Fuzzing;

/// <summary>
/// Grows a valid model of random operators, of which each reads what is there, preferably what is new. A candidate that the
/// importer refuses or that makes too large a tensor is dropped. Deterministic for a seed.
/// </summary>
internal sealed class RandomGraph
{
    private const int MaxElements = 12_000;

    private readonly List<GraphValue> _values = [];
    private readonly ModelBuilder _model = new(opset: 21);
    private int _count;

    public RandomGraph(int seed)
    {
        Random = new Random(seed);
    }

    public Random Random { get; }

    /// <summary>Makes a model of up to <paramref name="nodes"/> chosen operators; some take helper nodes besides.</summary>
    public static ModelProto Make(int seed, int nodes)
    {
        var graph = new RandomGraph(seed);
        for (int i = graph.Random.Next(1, 4); i > 0; i--)
        {
            graph.AddInput();
        }

        for (int i = 0; i < 6 * nodes && graph._model.Graph.Node.Count < nodes; i++)
        {
            graph.TryGrow();
        }

        graph.ChooseOutputs();
        return graph._model.Proto;
    }

    /// <summary>A value that passes the filter, mostly one of the newest; null if there is none.</summary>
    public GraphValue? Pick(Func<GraphValue, bool> filter)
    {
        GraphValue[] fitting = _values.Where(filter).ToArray();
        if (fitting.Length == 0)
        {
            return null;
        }

        return Random.Next(10) < 6 ? fitting[^Random.Next(1, Math.Min(3, fitting.Length) + 1)] : fitting[Random.Next(fitting.Length)];
    }

    /// <summary>Adds a node and returns the name of its first output.</summary>
    public string Node(string op, string[] inputs, params (string Name, object Value)[] attributes) => Node(op, inputs, 1, attributes)[0];

    /// <summary>Adds a node of several outputs and returns their names.</summary>
    public string[] Node(string op, string[] inputs, int outputs, params (string Name, object Value)[] attributes)
    {
        string[] names = Enumerable.Range(0, outputs).Select(_ => $"v{_count++}").ToArray();
        _model.Node(op, inputs, names, attributes);
        return names;
    }

    /// <summary>Adds an f32 constant of multiples of 1/8 between -1 and 1.</summary>
    public string Weight(params int[] dims)
    {
        string name = $"w{_count++}";
        float[] data = Enumerable.Range(0, dims.Aggregate(1, static (a, b) => a * b)).Select(_ => Random.Next(-8, 9) / 8f).ToArray();
        _model.Initializer(name, dims.Select(static d => (long)d).ToArray(), data);
        return name;
    }

    /// <summary>Adds an f32 constant of given elements.</summary>
    public string Floats(long[] dims, params float[] data)
    {
        string name = $"f{_count++}";
        _model.Initializer(name, dims, data);
        return name;
    }

    /// <summary>Adds an i64 vector.</summary>
    public string Ints(params long[] values)
    {
        string name = $"i{_count++}";
        _model.Initializer(name, [values.Length], values);
        return name;
    }

    private void AddInput()
    {
        int[] shape = RandomShapes.Next(Random);
        ElementType type = Random.Next(8) == 0 ? ElementType.Int64 : ElementType.Float32;
        string name = $"x{_count++}";
        _model.Input(name, (OnnxDataType)(int)type, shape.Select(static d => (long)d).ToArray());
        _values.Add(new GraphValue(name, type, new Shape(shape), Exact: true));
    }

    private void TryGrow()
    {
        int nodes = _model.Graph.Node.Count;
        int initializers = _model.Graph.Initializer.Count;
        (string[] results, bool exact) = RandomNodes.Add(this);
        if (results.Length == 0 || !Infer(results, exact))
        {
            Truncate(_model.Graph.Node, nodes);
            Truncate(_model.Graph.Initializer, initializers);
        }
    }

    /// <summary>Lets the importer find the types and shapes of new values.</summary>
    private bool Infer(string[] results, bool exact)
    {
        foreach (string result in results)
        {
            _model.Output(result);
        }

        try
        {
            Graph graph = OperatorCheck.Import(_model.ToBytes());
            if (graph.Nodes.Any(static n => n.Outputs.Any(static o => o.Shape.ElementCount > MaxElements)) || graph.Outputs.Any(static o => o.Value.Shape.ElementCount > MaxElements))
            {
                return false;
            }

            _values.AddRange(graph.Outputs.Select(o => new GraphValue(o.Name, o.Value.Type, o.Value.Shape, exact)));
            return true;
        }
        catch (ModelException)
        {
            return false;
        }
        finally
        {
            _model.Graph.Output.Clear();
        }
    }

    /// <summary>Makes outputs of what nobody reads, and of a few others: inner values, inputs, constants.</summary>
    private void ChooseOutputs()
    {
        var read = _model.Graph.Node.SelectMany(static n => n.Input).ToHashSet(StringComparer.Ordinal);
        foreach (GraphValue value in _values)
        {
            bool isInput = value.Name.StartsWith('x');
            if ((!isInput && !read.Contains(value.Name)) || Random.Next(isInput ? 30 : 8) == 0)
            {
                _model.Output(value.Name);
            }
        }

        if (_model.Graph.Output.Count == 0)
        {
            _model.Output(_values[^1].Name);
        }
    }

    private static void Truncate<T>(IList<T> list, int count)
    {
        while (list.Count > count)
        {
            list.RemoveAt(list.Count - 1);
        }
    }
}
