using System;
using System.Collections.Generic;
using System.Linq;
using AotCompiler.Onnx;
using AotCompiler.Tests.Onnx;
using AotCompiler.Tests.Support;

namespace AotCompiler.Tests.Operators.Recurrent;

/// <summary>Models of one recurrent node with seeded constant weights, for its operator's tests.</summary>
internal sealed class RecurrentModels
{
    private readonly string _operator;
    private readonly int _gates;
    private readonly string[] _outputs;
    private readonly Random _random = new(5);

    public RecurrentModels(string op, int gates, params string[] outputs)
    {
        _operator = op;
        _gates = gates;
        _outputs = outputs;
    }

    /// <summary>Type of all tensors but lengths; null for f32 with weights that are constant unless a method is asked for others.</summary>
    public OnnxDataType? Type { get; init; }

    public int Steps { get; init; } = 5;

    public int Batch { get; init; } = 2;

    public int Features { get; init; } = 7;

    public int Hidden { get; init; } = 21;

    private OnnxDataType Elements => Type ?? OnnxDataType.Float;

    /// <summary>A bidirectional node with bias and initial states; with run-time weights if asked for.</summary>
    public ModelBuilder Full(bool dynamic = false, bool batchFirst = false, params (string Name, object Value)[] attributes)
    {
        ModelBuilder model = Start(2, dynamic, batchFirst);
        string[] inputs = ["x", "w", "r", "b", "", "h", .. _gates == 4 ? new[] { "c", "p" } : []];
        (string, object)[] all = [("direction", "bidirectional"), ("hidden_size", Hidden), ("layout", batchFirst ? 1 : 0), .. attributes];
        return Finish(model.Node(_operator, inputs, _outputs, all));
    }

    /// <summary>A node without optional inputs.</summary>
    public ModelBuilder Plain(string direction = "forward", params (string Name, object Value)[] attributes) =>
        Finish(Start(1, false, false).Node(_operator, ["x", "w", "r"], _outputs, [("direction", direction), ("hidden_size", Hidden), .. attributes]));

    /// <summary>A node whose initial states are constants of one value.</summary>
    public ModelBuilder StartingFrom(float state, params (string Name, object Value)[] attributes)
    {
        ModelBuilder model = Start(1, false, false);
        string[] states = _gates == 4 ? ["h", "c"] : ["h"];
        foreach (string name in states)
        {
            model.Initializer(name, [1, Batch, Hidden], Enumerable.Repeat(state, Batch * Hidden).ToArray());
        }

        return Finish(model.Node(_operator, ["x", "w", "r", "", "", .. states], _outputs, [("hidden_size", Hidden), .. attributes]));
    }

    /// <summary>True if the kernel leaves out the products of the first step.</summary>
    public static bool SkipsFirstProducts(ModelBuilder model) => CompiledModel.Compile(model.ToBytes()).Result.Sources.Any(static s => s.Text.Contains("if (s > 0)", StringComparison.Ordinal));

    /// <summary>A node with constant lengths of its two sequences.</summary>
    public ModelBuilder WithLengths(string direction, params int[] lengths) => Finish(Start(1, false, false)
        .Initializer("lengths", [lengths.Length], lengths)
        .Node(_operator, ["x", "w", "r", "", "lengths"], _outputs, ("direction", direction), ("hidden_size", Hidden)));

    private ModelBuilder Start(int directions, bool dynamic, bool batchFirst)
    {
        long[] shape = batchFirst ? [Batch, Steps, Features] : [Steps, Batch, Features];
        ModelBuilder model = new ModelBuilder().Input("x", Elements, shape);
        Weight(model, dynamic, "w", directions, _gates * Hidden, Features);
        Weight(model, dynamic, "r", directions, _gates * Hidden, Hidden);
        if (directions == 1)
        {
            return model;
        }

        Weight(model, dynamic, "b", directions, 2 * _gates * Hidden);
        long[] state = batchFirst ? [Batch, directions, Hidden] : [directions, Batch, Hidden];
        model.Input("h", Elements, state);
        if (_gates == 4)
        {
            model.Input("c", Elements, state);
            Weight(model, dynamic, "p", directions, 3 * Hidden);
        }

        return model;
    }

    private void Weight(ModelBuilder model, bool dynamic, string name, params long[] shape)
    {
        if (dynamic || Type is not null)
        {
            model.Input(name, Elements, shape);
            return;
        }

        long count = shape.Aggregate(1L, static (a, b) => a * b);
        model.Initializer(name, shape, Enumerable.Range(0, (int)count).Select(_ => (_random.NextSingle() - 0.5f) * 0.8f).ToArray());
    }

    private ModelBuilder Finish(ModelBuilder model)
    {
        foreach (string output in _outputs.Where(static o => o.Length > 0))
        {
            model.Output(output);
        }

        return model;
    }
}
