using System;
using System.Collections.Generic;
using System.Linq;
using AotCompiler.Ir;

namespace AotCompiler.Operators.Recurrent;

/// <summary>
/// A recurrent operator as an expression of others, for types without a kernel: the inputs of all steps are projected by one product, and per
/// direction a <see cref="Loop"/> walks them. Where sequences have lengths, the reverse direction reads them reversed, and steps behind the end
/// keep the state and give zeros.
/// </summary>
internal sealed class RecurrentLoop
{
    private readonly Composer _compose;
    private readonly RecurrentForm _form;
    private readonly IReadOnlyList<ActivationChoice> _activations;
    private readonly RecurrentOperator _operator;
    private readonly RecurrentProducts _products;

    private RecurrentLoop(Composer compose, RecurrentForm form, RecurrentOperator op, RecurrentProducts products)
    {
        _compose = compose;
        _form = form;
        _activations = RecurrentActivation.Choose(compose.Node, op.DefaultActivations)!;
        _operator = op;
        _products = products;
    }

    private Node Node => _compose.Node;

    private bool HasCell => _operator.HasCell;

    private Value? Lengths => Node.Input(4);

    /// <summary>Writes the expression.</summary>
    /// <param name="compose">Takes it; its node is the recurrent one, in its newest form.</param>
    /// <param name="form">The node's form.</param>
    /// <param name="op">Writes one step.</param>
    /// <param name="products">The products with the weights.</param>
    public static void Compose(Composer compose, RecurrentForm form, RecurrentOperator op, RecurrentProducts products) =>
        new RecurrentLoop(compose, form, op, products).Run();

    private void Run()
    {
        Value x = _form.BatchFirst ? _compose.Transpose(Node.Required(0), 1, 0, 2) : Node.Required(0);
        Value[][] results = Enumerable.Range(0, _form.Directions).Select(d => Direction(x, d)).ToArray();

        // Y of a direction is [T, B, H], its states are [B, H].
        int direction = _form.BatchFirst ? 2 : 1;
        Value[] sequences = results.Select(r => _compose.Unsqueeze(_form.BatchFirst ? _compose.Transpose(r[0], 1, 0, 2) : r[0], direction)).ToArray();
        _compose.Return(0, _compose.Concat(direction, sequences));
        for (int i = 1; i < results[0].Length; i++)
        {
            _compose.Return(i, _compose.Concat(direction - 1, results.Select(r => _compose.Unsqueeze(r[i], direction - 1)).ToArray()));
        }
    }

    /// <summary>Y, the last state and, of LSTM, the last cell of one direction.</summary>
    private Value[] Direction(Value x, int direction)
    {
        bool reversed = _form.IsReversed(direction);
        Value projected = _products.Project(x, direction);
        projected = reversed && Lengths is not null ? Reversed(projected) : projected;
        if (Part(3, direction) is { } bias)
        {
            projected = _compose.Add(projected, _compose.Slice(bias, 0, 0, _form.GateRows));
        }

        IReadOnlyList<Value> results = Walk(projected, direction, reversed && Lengths is null);
        int states = HasCell ? 2 : 1;
        Value y = reversed && Lengths is not null ? Reversed(results[states]) : results[states];
        return results.Take(states).Prepend(y).ToArray();
    }

    private Value? Part(int input, int direction) => _products.Part(input, direction);

    /// <summary>Each sequence [T, B, …] turned round within its length.</summary>
    private Value Reversed(Value sequences) => _compose.Op(
        "ReverseSequence", new[] { sequences, _compose.Cast(Lengths!, ElementType.Int64) }, ("time_axis", 0L), ("batch_axis", 1L));

    private Value Initial(int input, int direction) => Part(input, direction)
        ?? _compose.Expand(_compose.Scalar(0, _products.Type), new Shape(new[] { _form.BatchTrip, _form.Hidden }));

    /// <summary>What the loop walks: the projected inputs; where sequences have lengths, whether a step belongs to its sequence, [T, B, 1]; and where the states' product depends on all of them, whether the state before it does.</summary>
    private Value[] Walked(Value projected)
    {
        if (Lengths is null)
        {
            return new[] { projected };
        }

        Value steps = _compose.Unsqueeze(_compose.Positions(projected, 0), 1, 2);
        Value lengths = _compose.Unsqueeze(_compose.Cast(Lengths, ElementType.Int64), 0, 2);
        Value belongs = _compose.Op("Less", steps, lengths);
        return _products.MixesSequences ? new[] { projected, belongs, _compose.Op("LessOrEqual", steps, lengths) } : new[] { projected, belongs };
    }

    /// <summary>The loop over the steps: last states, then Y.</summary>
    private IReadOnlyList<Value> Walk(Value projected, int direction, bool backwards)
    {
        string name = Node.Name;
        var body = new Graph(name);
        Composer inside = _compose.In(body);
        var captured = new List<(Value Outer, Value Inner)>();
        body.Inputs.Add(new Value(body.UniqueName("iteration"), ElementType.Int64, Shape.Scalar));
        Value[] initial = (HasCell ? new[] { Initial(5, direction), Initial(6, direction) } : new[] { Initial(5, direction) }).ToArray();
        Value[] states = initial.Select(v => new Value(body.UniqueName("state"), v.Type, v.Shape)).ToArray();
        Value[] walked = Walked(projected);
        Value[] parts = walked.Select(v => new Value(body.UniqueName("part"), v.Type, new Shape(v.Shape.Extents.Skip(1)))).ToArray();
        body.Inputs.AddRange(states.Concat(parts));

        Dictionary<string, Value> outer = Outer(direction);
        Value? Inner(string role)
        {
            if (!outer.TryGetValue(role, out Value? value))
            {
                return null;
            }

            if (value.Constant is { } constant)
            {
                return Value.FromConstant(body.UniqueName(role), constant);
            }

            var inner = new Value(body.UniqueName(role), value.Type, value.Shape);
            captured.Add((value, inner));
            return inner;
        }

        Value Gate(int gate) => inside.Slice(parts[0], 1, gate * _form.Hidden, (gate + 1) * _form.Hidden);
        Value zero = inside.Scalar(0, _products.Type);
        Value read = parts.Length > 2 ? inside.Where(parts[2], states[0], zero) : states[0];
        var cell = new RecurrentCell(inside, _form, _products, Activations(direction), read, states.ElementAtOrDefault(1), Gate, Inner);
        (Value state, Value? next) = _operator.ComposeCell(cell, _form);
        Value y = state;
        if (Lengths is not null)
        {
            y = inside.Where(parts[1], state, zero);
            state = inside.Where(parts[1], state, states[0]);
            next = next is null ? null : inside.Where(parts[1], next, states[1]);
        }

        Value always = Value.FromConstant(body.UniqueName("condition"), Tensor.FromBytes(ElementType.Bool, Shape.Scalar, new byte[] { 1 }, "true"));
        body.Inputs.AddRange(captured.Select(static c => c.Inner));
        body.Outputs.AddRange(new[] { always, state, next, y }.OfType<Value>().Select(static v => new GraphOutput(v.Name, v)));
        Extent steps = _form.StepTrip;
        var form = new LoopForm(body, states.Length, walked.Length, steps.IsDynamic ? -1 : steps.Maximum, -1, Enumerable.Repeat(backwards, walked.Length).ToArray(), new[] { backwards });
        return _compose.Context.InsertNode(
            OperatorRegistry.Get("Loop"),
            form.ToAttributes(name),
            new Value?[] { steps.IsDynamic ? _compose.Context.Dimension(steps) : null, null }.Concat(initial).Concat(walked).Concat(captured.Select(static c => c.Outer)),
            Enumerable.Range(0, states.Length + 1).Select(i => $"{name}.loop{i}"));
    }

    /// <summary>What is the same in all steps, by role; see <see cref="RecurrentCell"/>.</summary>
    private Dictionary<string, Value> Outer(int direction)
    {
        var outer = new Dictionary<string, Value>(StringComparer.Ordinal);
        foreach ((string role, Value weights) in _products.Weights(direction))
        {
            outer[role] = weights;
        }

        for (int gate = 0; gate < _form.Gates && Part(3, direction) is { } bias; gate++)
        {
            int first = _form.GateRows + (gate * _form.Hidden);
            outer[$"B{gate}"] = _compose.Slice(bias, 0, first, first + _form.Hidden);
        }

        for (int index = 0; index < 3 && Part(7, direction) is { } peepholes; index++)
        {
            outer[$"P{index}"] = _compose.Slice(peepholes, 0, index * _form.Hidden, (index + 1) * _form.Hidden);
        }

        return outer;
    }

    private ActivationChoice[] Activations(int direction)
    {
        int count = _activations.Count / _form.Directions;
        return _activations.Skip(direction * count).Take(count).ToArray();
    }
}
