using System;
using System.Collections.Generic;
using System.Linq;
using AotCompiler.Ir;

namespace AotCompiler.Operators.Recurrent;

/// <summary>
/// A recurrent operator as an expression of others, in f64: the inputs of all steps are projected by one product, and per direction
/// a <see cref="Loop"/> walks them. Where sequences have lengths, the reverse direction reads them reversed, and steps behind the end
/// keep the state and give zeros.
/// </summary>
internal sealed class RecurrentLoop
{
    private readonly Composer _compose;
    private readonly RecurrentForm _form;
    private readonly IReadOnlyList<ActivationChoice> _activations;
    private readonly Func<RecurrentCell, RecurrentForm, (Value State, Value? Cell)> _cell;

    private RecurrentLoop(Composer compose, RecurrentForm form, IReadOnlyList<ActivationChoice> activations, Func<RecurrentCell, RecurrentForm, (Value State, Value? Cell)> cell)
    {
        _compose = compose;
        _form = form;
        _activations = activations;
        _cell = cell;
    }

    private Node Node => _compose.Node;

    private bool HasCell => Node.Operator is LSTM;

    private Value? Lengths => Node.Input(4);

    /// <summary>Writes the expression.</summary>
    /// <param name="compose">Takes it; its node is the recurrent one, in its newest form.</param>
    /// <param name="form">The node's form.</param>
    /// <param name="activations">The functions of all directions.</param>
    /// <param name="cell">Writes one step.</param>
    public static void Compose(Composer compose, RecurrentForm form, IReadOnlyList<ActivationChoice> activations, Func<RecurrentCell, RecurrentForm, (Value State, Value? Cell)> cell) =>
        new RecurrentLoop(compose, form, activations, cell).Run();

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
        Value read = reversed && Lengths is not null ? Reversed(x) : x;
        Value projected = _compose.MatMul(read, _compose.Transpose(Part(1, direction)!, 1, 0));
        if (Part(3, direction) is { } bias)
        {
            projected = _compose.Add(projected, _compose.Slice(bias, 0, 0, _form.GateRows));
        }

        IReadOnlyList<Value> results = Walk(projected, direction, reversed && Lengths is null);
        int states = HasCell ? 2 : 1;
        Value y = reversed && Lengths is not null ? Reversed(results[states]) : results[states];
        return results.Take(states).Prepend(y).ToArray();
    }

    /// <summary>What of an input belongs to a direction; null if it is absent.</summary>
    private Value? Part(int input, int direction)
    {
        int axis = _form.BatchFirst && input is 5 or 6 ? 1 : 0;
        return Node.Input(input) is { } value ? _compose.Squeeze(_compose.Slice(value, axis, direction, direction + 1), axis) : null;
    }

    /// <summary>Each sequence [T, B, …] turned round within its length.</summary>
    private Value Reversed(Value sequences) => _compose.Op(
        "ReverseSequence", new[] { sequences, _compose.Cast(Lengths!, ElementType.Int64) }, ("time_axis", 0L), ("batch_axis", 1L));

    private Value Initial(int input, int direction) => Part(input, direction)
        ?? _compose.Expand(_compose.Scalar(0, ElementType.Float64), new Shape(new[] { _form.BatchTrip, _form.Hidden }));

    /// <summary>True where a step belongs to its sequence, [T, B, 1].</summary>
    private Value Inside(Value projected)
    {
        Value steps = _compose.Unsqueeze(_compose.Positions(projected, 0), 1, 2);
        return _compose.Op("Less", steps, _compose.Unsqueeze(_compose.Cast(Lengths!, ElementType.Int64), 0, 2));
    }

    /// <summary>The loop over the steps: last states, then Y.</summary>
    private IReadOnlyList<Value> Walk(Value projected, int direction, bool backwards)
    {
        string name = Node.Name;
        var body = new Graph(name);
        var rewriter = new GraphRewriter(body);
        var captured = new List<(Value Outer, Value Inner)>();
        body.Inputs.Add(new Value(body.UniqueName("iteration"), ElementType.Int64, Shape.Scalar));
        Value[] initial = (HasCell ? new[] { Initial(5, direction), Initial(6, direction) } : new[] { Initial(5, direction) }).ToArray();
        Value[] states = initial.Select(v => new Value(body.UniqueName("state"), v.Type, v.Shape)).ToArray();
        Value[] walked = Lengths is null ? new[] { projected } : new[] { projected, Inside(projected) };
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

        Value Gate(int gate) => Columns(rewriter, parts[0], gate);
        var cell = new RecurrentCell(rewriter, name, _form, Activations(direction), states[0], states.ElementAtOrDefault(1), Gate, Inner);
        (Value state, Value? next) = _cell(cell, _form);
        Value y = state;
        if (Lengths is not null)
        {
            y = rewriter.Insert("Where", name, new[] { parts[1], state, rewriter.Constant(Tensor.Create(ElementType.Float64, Shape.Scalar, new[] { 0.0 }), name) });
            state = rewriter.Insert("Where", name, new[] { parts[1], state, states[0] });
            next = next is null ? null : rewriter.Insert("Where", name, new[] { parts[1], next, states[1] });
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
        Value r = Part(2, direction)!;
        for (int gate = 0; gate < _form.Gates; gate++)
        {
            int first = gate * _form.Hidden;
            outer[$"R{gate}"] = _compose.Transpose(_compose.Slice(r, 0, first, first + _form.Hidden), 1, 0);
            if (Part(3, direction) is { } bias)
            {
                outer[$"B{gate}"] = _compose.Slice(bias, 0, _form.GateRows + first, _form.GateRows + first + _form.Hidden);
            }
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

    /// <summary>The columns of one gate.</summary>
    private Value Columns(GraphRewriter body, Value projected, int gate)
    {
        Value Number(long value) => body.Constant(Tensor.Vector(value), Node.Name);
        return body.Insert("Slice", Node.Name, new[] { projected, Number(gate * _form.Hidden), Number((gate + 1) * _form.Hidden), Number(1) });
    }
}
