using System.Collections.Generic;
using System.Linq;
using AotCompiler.Ir;
using AotCompiler.Kernels;
using AotCompiler.Lowering;

namespace AotCompiler.Operators;

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
        TensorView[] states = Enumerable.Range(0, form.States).Select(i => Begin(node, node.Required(2 + i), context)).ToArray();
        TensorView? count = form.Trips < 0 && node.Input(0) is { } trips ? context.ReadDense(trips) : null;
        TensorView? condition = EndsByCondition(node, form) ? BeginCondition(node, context) : null;
        TensorView iteration = context.Scratch($"{node.Name}.iteration", ElementType.Int64, Shape.Scalar);

        int outside = context.StorageCount;
        TensorView?[] carried = new[] { condition }.Concat(states).ToArray();
        TensorView?[] next = carried.Select((v, i) => v is null || IsUnchanged(form.Body, i) ? null : Next(v, context)).ToArray();
        var steps = new List<Step>(context.LowerBody(
            form.Body,
            new[] { iteration }.Concat(states).Concat(read.Select(static w => w.Window)).Concat(captures).ToArray(),
            next.Concat(written.Select(static w => w.Window)).ToArray()));
        StateHandOver.Complete(node, carried.Zip(next, static (s, n) => (s, n)).Where(static p => p.n is not null).Select(static p => (p.s!, p.n!)), steps);

        var control = new LoopControl(
            form.Trips < 0 ? null : form.Trips,
            count,
            condition,
            IsRead(form.Body.Inputs[0], form.Body) ? iteration : null,
            form.Capacity < 0 ? null : form.Capacity);
        context.Add(new LoopStep(node, control, read, written, steps, outside));
        for (int i = 0; i < states.Length; i++)
        {
            context.Alias(node.Outputs[i], states[i]);
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

    /// <summary>The buffer of a state, with the initial value in it.</summary>
    private static TensorView Begin(Node node, Value initial, LoweringContext context)
    {
        TensorView state = context.Scratch($"{initial.Name} (state)", initial.Type, initial.Shape);
        context.Add(new CopyStep(node, $"begin {initial.Name}", context.Read(initial), state));
        return state;
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
