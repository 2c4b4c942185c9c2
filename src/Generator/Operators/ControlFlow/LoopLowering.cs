using System.Collections.Generic;
using System.Linq;
using AotCompiler.Ir;
using AotCompiler.Kernels;
using AotCompiler.Lowering;

namespace AotCompiler.Operators;

/// <summary>The buffer of a loop's state, with room for the greatest shape that it has before or behind an iteration.</summary>
internal sealed class LoopState
{
    private readonly TensorView _buffer;
    private readonly Value _before;
    private readonly Value _behind;

    private LoopState(TensorView buffer, Value before, Value behind)
    {
        _buffer = buffer;
        _before = before;
        _behind = behind;
    }

    /// <summary>The state as an iteration finds it.</summary>
    public TensorView Before => Part(_buffer, _before.Shape);

    /// <summary>The state as an iteration leaves it.</summary>
    public TensorView Behind => Part(_buffer, _behind.Shape);

    /// <summary>The state as the loop leaves it.</summary>
    public TensorView Final(Shape shape) => Part(_buffer, shape);

    /// <summary>Memory for the next value, laid out alike.</summary>
    public TensorView Next(LoweringContext context) =>
        Part(context.Scratch($"{_buffer.Storage.Name}, next", _buffer.Type, _buffer.Shape), _behind.Shape);

    /// <summary>Makes the buffer and puts the initial value into it.</summary>
    public static LoopState Begin(Node node, LoopForm form, int index, LoweringContext context)
    {
        Value initial = node.Required(2 + index);
        Value before = form.Body.Inputs[1 + index];
        Value behind = form.Body.Outputs[1 + index].Value;
        var room = new Shape(before.Shape.Extents.Select((e, axis) => new Extent(System.Math.Max(e.Maximum, behind.Shape[axis]), e.Size)));
        var state = new LoopState(context.Scratch($"{initial.Name} (state)", initial.Type, room), before, behind);
        context.Add(new CopyStep(node, $"begin {initial.Name}", context.Read(initial), Part(state._buffer, initial.Shape)));
        return state;
    }

    private static TensorView Part(TensorView buffer, Shape shape) => buffer.Shape.Equals(shape) ? buffer : buffer.With(Enumerable.Range(0, shape.Rank)
        .Aggregate(buffer.Layout, (l, axis) => l.Shape.Extent(axis) == shape.Extent(axis) ? l : l.Slice(axis, 0, shape.Extent(axis))));
}

/// <summary>
/// Gives a loop's values their memory. Every state has a buffer that lives as long as the loop. Its next value is written
/// over it where the body's last reader of the state allows that, else into a second buffer and copied at an iteration's end.
/// Walked and collected tensors are not copied: a window moves over them.
/// </summary>
internal static class LoopLowering
{
    public static void Lower(Node node, LoopForm form, IReadOnlyList<Value> captured, LoweringContext context)
    {
        LoopWindow[] read = Enumerable.Range(0, form.Walked).Select(i => ReadWindow(node, form, i, context)).ToArray();
        LoopWindow[] written = Enumerable.Range(0, form.Collected).Select(i => WriteWindow(node, form, i, context)).ToArray();
        TensorView[] captures = captured.Select(v => context.ReadPlain(v)).ToArray();
        LoopState[] states = Enumerable.Range(0, form.States).Select(i => LoopState.Begin(node, form, i, context)).ToArray();
        TensorView? count = form.Trips < 0 && node.Input(0) is { } trips ? context.ReadDense(trips) : null;
        TensorView? condition = EndsByCondition(node, form) ? BeginCondition(node, context) : null;
        TensorView iteration = context.Scratch($"{node.Name}.iteration", ElementType.Int64, Shape.Scalar);

        int outside = context.StorageCount;
        TensorView?[] next = new[] { condition is null || IsUnchanged(form.Body, 0) ? null : Next(condition, context) }
            .Concat(states.Select((s, i) => IsUnchanged(form.Body, 1 + i) ? null : s.Next(context)))
            .ToArray();
        TensorView?[] carried = new[] { condition }.Concat(states.Select(static s => s.Behind)).ToArray();
        var steps = new List<Step>(context.LowerBody(
            form.Body,
            new[] { iteration }.Concat(states.Select(static s => s.Before)).Concat(read.Select(static w => w.Window)).Concat(captures).ToArray(),
            next.Concat(written.Select(static w => w.Window)).ToArray()));
        StateHandOver.Complete(node, carried.Zip(next, static (s, n) => (s, n)).Where(static p => p.n is not null).Select(static p => (p.s!, p.n!)), steps);

        var control = new LoopControl(
            form.Trips < 0 ? null : form.Trips,
            count,
            condition,
            IsRead(form.Body.Inputs[0], form.Body) ? iteration : null,
            form.Capacity < 0 ? null : form.Capacity,
            form.Sizes.GroupBy(static s => s.Inside).Select(static g => g.First()).Select(s => new LoopCount(
                s.Inside,
                node.Required(2 + s.State).Shape.Extent(s.Axis).Expression,
                form.Body.Outputs[1 + s.State].Value.Shape.Extent(s.Axis).Expression)).ToArray());
        context.Add(new LoopStep(node, control, read, written, steps, outside));
        for (int i = 0; i < states.Length; i++)
        {
            context.Alias(node.Outputs[i], states[i].Final(node.Outputs[i].Shape));
        }
    }

    /// <summary>True unless the condition is true at the start and behind every iteration.</summary>
    private static bool EndsByCondition(Node node, LoopForm form) =>
        !IsTrue(form.Body.Outputs[0].Value) || (node.Input(1) is { } start && !IsTrue(start));

    private static bool IsTrue(Value condition) => condition.Constant is { } constant && constant.Bytes[0] != 0;

    private static bool IsRead(Value input, Graph body) => input.Uses.Count > 0 || body.IsOutput(input);

    /// <summary>True if an iteration hands on what it got: the condition, which was true, for 0, then the states.</summary>
    private static bool IsUnchanged(Graph body, int index) => index == 0
        ? IsTrue(body.Outputs[0].Value)
        : ReferenceEquals(body.Outputs[index].Value, body.Inputs[index]);

    private static LoopWindow ReadWindow(Node node, LoopForm form, int index, LoweringContext context)
    {
        TensorView whole = context.ReadDense(node.Required(2 + form.States + index));
        Value part = form.Body.Inputs[1 + form.States + index];
        return new LoopWindow(whole, context.Window(part.Name, part.Type, part.Shape), form.ReversedInputs[index]);
    }

    private static LoopWindow WriteWindow(Node node, LoopForm form, int index, LoweringContext context)
    {
        Value part = form.Body.Outputs[1 + form.States + index].Value;
        return new LoopWindow(context.Allocate(node.Outputs[form.States + index]), context.Window(part.Name, part.Type, part.Shape), form.ReversedOutputs[index]);
    }

    private static TensorView BeginCondition(Node node, LoweringContext context)
    {
        TensorView start = node.Input(1) is { } given
            ? context.Read(given)
            : context.Weight(Tensor.FromBytes(ElementType.Bool, Shape.Scalar, new byte[] { 1 }, "true"), $"{node.Name}.condition");
        TensorView condition = context.Scratch($"{node.Name}.condition", ElementType.Bool, Shape.Scalar);
        context.Add(new CopyStep(node, $"begin {node.Name}", start.With(start.Layout.TryReshape(Shape.Scalar)!), condition));
        return condition;
    }

    private static TensorView Next(TensorView state, LoweringContext context) => context.Scratch($"{state.Storage.Name}, next", state.Type, state.Shape);
}
