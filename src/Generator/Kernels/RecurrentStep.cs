using System;
using System.Collections.Generic;
using System.Linq;
using AotCompiler.Emission;
using AotCompiler.Ir;
using AotCompiler.Lowering;
using AotCompiler.Operators.Recurrent;

namespace AotCompiler.Kernels;

/// <summary>Memory of a recurrent step; all views but the first are dense.</summary>
/// <param name="Projection">X · Wᵀ of this direction, [T, B, gates · H], whose rows may lie anywhere.</param>
/// <param name="Recurrence">Rᵀ of this direction in panels, [gates · ⌈H/16⌉, H, 16].</param>
/// <param name="Bias">B of all directions, [D, 2 · gates · H], or null.</param>
/// <param name="Lengths">i32 [B], or null.</param>
/// <param name="InitialState">In the node's order of dimensions, or null for zeros.</param>
/// <param name="InitialCell">LSTM's, likewise.</param>
/// <param name="Peepholes">LSTM's P of all directions, [D, 3 · H], or null.</param>
/// <param name="Sequence">Y, or null if it is not wanted.</param>
/// <param name="LastState">Y_h, or null.</param>
/// <param name="LastCell">Y_c, or null.</param>
/// <param name="State">Scratch [sequences together, 3, H]: hidden state, cell state, and what a cell keeps between two products.</param>
/// <param name="Sums">Scratch [sequences together, gates, ⌈H/16⌉, 16].</param>
internal sealed record RecurrentOperands(
    TensorView Projection,
    TensorView Recurrence,
    TensorView? Bias,
    TensorView? Lengths,
    TensorView? InitialState,
    TensorView? InitialCell,
    TensorView? Peepholes,
    TensorView? Sequence,
    TensorView? LastState,
    TensorView? LastCell,
    TensorView State,
    TensorView Sums);

/// <summary>One direction of a recurrent node: walks the steps of each sequence with the state in a buffer that stays in the cache.</summary>
internal abstract class RecurrentStep : Step
{
    /// <summary>Weights of this size stay in a first-level cache from step to step.</summary>
    private const int FirstLevelBytes = 24 * 1024;

    private readonly int _direction;
    private readonly RecurrentOperands _operands;

    protected RecurrentStep(Node node, RecurrentForm form, int direction, RecurrentOperands operands)
        : base(node, form.Directions == 1 ? node.Name : $"{node.Name} {(direction == 0 ? "forward" : "backward")}")
    {
        Form = form;
        _direction = direction;
        _operands = operands;
    }

    public sealed override bool TakesRunTimeSizes => true;

    public sealed override IReadOnlyList<TensorView> Reads => Present(
        _operands.Projection, _operands.Recurrence, _operands.Bias, _operands.Lengths, _operands.InitialState, _operands.InitialCell, _operands.Peepholes);

    public sealed override IReadOnlyList<TensorView> Writes => Present(_operands.Sequence, _operands.LastState, _operands.LastCell);

    public sealed override IReadOnlyList<Storage> Scratch => new[] { _operands.State.Storage, _operands.Sums.Storage };

    public sealed override bool CanFail => _operands.Lengths is not null;

    public sealed override long MultiplyAdds => (long)Form.Steps * Form.Batch * Form.GateRows * Form.Hidden;

    public sealed override string Kernel =>
        $"recurrence of {Form.Steps} steps{(Form.IsReversed(_direction) ? ", last to first" : string.Empty)}, {Form.Hidden} units, {Form.Gates} gates";

    protected RecurrentForm Form { get; }

    protected bool HasPeepholes => _operands.Peepholes is not null;

    /// <summary>True if the first step's products are zeros, because the state that they multiply is.</summary>
    private bool StartsFromZeros => _operands.InitialState is null;

    /// <summary>Elements between the sums of two gates.</summary>
    private int GateStride => Layout.BlockCount(Form.Hidden) * Layout.BlockSize;

    public sealed override void Emit(StepWriter writer)
    {
        int together = Together(writer);
        DeclarePointers(writer, together);
        if (together == 1)
        {
            using (writer.For("b", Form.BatchTrip))
            {
                EmitWalk(writer, 1);
            }
        }
        else
        {
            int grouped = Form.Batch / together * together;
            using (writer.For("group", grouped, together))
            {
                EmitWalk(writer, together);
            }

            if (grouped < Form.Batch)
            {
                using (writer.Block())
                {
                    EmitRest(writer, grouped);
                }
            }
        }

        if (CanFail)
        {
            writer.Line("return error;");
        }
    }

    /// <summary>Most sequences that walk their steps together.</summary>
    /// <param name="form">Sizes.</param>
    /// <param name="hasLengths">True if sequences end at different steps: then each walks alone.</param>
    public static int MostTogether(RecurrentForm form, bool hasLengths) => hasLengths || form.BatchTrip.IsDynamic ? 1 : Math.Max(1, Math.Min(4, form.Batch));

    /// <summary>True if each gate's product is taken with the state before the step, so that units can be finished one block after the other.</summary>
    protected virtual bool WalksByUnits => false;

    /// <summary>Sequences that share what is read of the weights: as many as have registers for their sums.</summary>
    private int Together(StepWriter writer)
    {
        int most = WalksByUnits && !writer.IsCompact && RecurrentProduct.FitsGates(writer.Simd, Form.Gates) ? MostTogether(Form, _operands.Lengths is not null) : 1;
        while (!RecurrentProduct.FitsGates(writer.Simd, Form.Gates, most))
        {
            most--;
        }

        return most;
    }

    /// <summary>The sequences behind the last whole group.</summary>
    private void EmitRest(StepWriter writer, int first)
    {
        int count = Form.Batch - first;
        writer.Line($"const int {(count == 1 ? "b" : "group")} = {first};");
        if (count == 1)
        {
            writer.Line("float* state = states;");
            writer.Line("float* sums = allSums;");
            DeclareStateParts(writer);
        }

        EmitWalk(writer, count);
    }

    /// <summary>Writes all steps of some sequences.</summary>
    private void EmitWalk(StepWriter writer, int together)
    {
        EmitEach(writer, together, () =>
        {
            WriteInitial(writer, _operands.InitialState, "initialState", "state");
            if (HasCell)
            {
                WriteInitial(writer, _operands.InitialCell, "initialCell", "cell");
            }

            if (StartsFromZeros)
            {
                WriteZeros(writer, "sums", SumLength);
            }
        });
        string steps = writer.Value(Form.StepTrip);
        string limit = Form.StepTrip.IsDynamic ? $"{steps} + 1" : $"{Form.Steps + 1}";
        writer.Line(_operands.Lengths is not null ? $"int length = (int)IndexGuard.Check(lengths[b], {limit}, ref error);"
            : Form.StepTrip.IsDynamic ? $"int length = {steps};"
            : $"const int length = {steps};");
        using (writer.Block("for (int s = 0; s < length; s++)"))
        {
            writer.Line($"int t = {(Form.IsReversed(_direction) ? "length - 1 - s" : "s")};");
            if (together == 1)
            {
                DeclareInput(writer);
            }

            EmitCell(writer, together);
            if (_operands.Sequence is not null)
            {
                EmitEach(writer, together, () => WriteCopy(writer, "state", Row(writer, "t", "y")));
            }
        }

        if (_operands.Sequence is not null && _operands.Lengths is not null)
        {
            using (writer.Block($"for (int t = length; t < {steps}; t++)"))
            {
                WriteZeros(writer, Row(writer, "t", "padding"), Form.Hidden);
            }
        }

        EmitEach(writer, together, () =>
        {
            WriteLast(writer, _operands.LastState, "lastState", "state");
            WriteLast(writer, _operands.LastCell, "lastCell", "cell");
        });
    }

    private void DeclareInput(StepWriter writer)
    {
        Layout rows = _operands.Projection.Layout;
        writer.Line(rows.IsDense
            ? $"float* x = projection + ((((long)t * {Form.Batch}) + b) * {Form.GateRows});"
            : $"float* x = projection + (t * {rows.Strides[0]}L) + (b * {rows.Strides[1]}L);");
    }

    /// <summary>Writes what is done for each of the sequences that walk together; the locals <c>b</c>, <c>state</c>, <c>cell</c>, <c>kept</c> and <c>sums</c> are its own.</summary>
    private void EmitEach(StepWriter writer, int together, Action body)
    {
        if (together == 1)
        {
            body();
            return;
        }

        using (writer.For("q", together))
        {
            writer.Line("int b = group + q;");
            writer.Line($"float* state = states + (q * {StateLength});");
            writer.Line($"float* sums = allSums + (q * {SumLength});");
            DeclareStateParts(writer);
            body();
        }
    }

    /// <summary>Elements of the memory of one sequence: state, cell, what is kept.</summary>
    private int StateLength => 3 * Form.Hidden;

    private int SumLength => Form.Gates * GateStride;

    private void DeclareStateParts(StepWriter writer)
    {
        writer.Line($"float* cell = state + {Form.Hidden};");
        writer.Line($"float* kept = state + {2 * Form.Hidden};");
    }

    /// <summary>True if the cell has a second state.</summary>
    protected virtual bool HasCell => false;

    /// <summary>Writes one step: <c>state</c> (and <c>cell</c>) from <c>x</c> and the state before.</summary>
    /// <param name="writer">Where it goes.</param>
    /// <param name="together">Sequences that make the step together; more than one only of a cell that <see cref="WalksByUnits"/>.</param>
    protected abstract void EmitCell(StepWriter writer, int together);

    /// <summary>Writes <c>sums</c> of some gates: the product of a vector of H elements and the panels of R.</summary>
    protected void EmitProduct(StepWriter writer, int firstGate, int gateCount, string vector)
    {
        int blocksPerGate = Layout.BlockCount(Form.Hidden);
        using CodeWriter.Scope scope = BehindZeros(writer);
        RecurrentProduct.Emit(writer, "recurrence", "sums", vector, Form.Hidden, firstGate * blocksPerGate, gateCount * blocksPerGate);
    }

    /// <summary>
    /// Writes a cell whose gates all multiply the state: 16 units at a time have the sums of their gates and at once what becomes
    /// of them, while the next ones' weights are on their way. The next state is collected in <c>kept</c>, since all sums need the present one.
    /// </summary>
    /// <param name="writer">Where it goes.</param>
    /// <param name="together">Sequences that make the step together.</param>
    /// <param name="body">Writes one vector of units; gets the name of the pointer to store the next state at.</param>
    protected void EmitGatesByUnits(StepWriter writer, int together, Action<Simd, string, string> body)
    {
        if (!RecurrentProduct.FitsGates(writer.Simd, Form.Gates))
        {
            EmitProduct(writer, 0, Form.Gates, "state");
            EmitUnits(writer, (simd, i) => body(simd, i, "state"));
            return;
        }

        int blocks = Layout.BlockCount(Form.Hidden);
        int whole = Form.Hidden / Layout.BlockSize;
        string? turns = Turns(writer) ? "turns" : null;
        if (turns is not null)
        {
            writer.Line("bool turns = (s & 1) != 0;");
        }

        if (whole > 0)
        {
            using (writer.For(turns is null ? "block" : "visit", whole))
            {
                if (turns is not null)
                {
                    writer.Line($"int block = turns ? {whole - 1} - visit : visit;");
                }

                EmitBlock(writer, blocks, Layout.BlockSize, turns, together, body);
            }
        }

        if (whole < blocks)
        {
            using (writer.For("block", blocks, 1, whole))
            {
                EmitBlock(writer, blocks, Form.Hidden - (whole * Layout.BlockSize), turns, together, body);
            }
        }

        EmitEach(writer, together, () => WriteCopy(writer, "kept", "state"));
    }

    /// <summary>
    /// True if every other step walks the weights backwards: where they are more than the first-level cache holds, a step then begins
    /// with what the step before has left there.
    /// </summary>
    private bool Turns(StepWriter writer) => !writer.IsCompact
        && Form.Steps > 1
        && (long)Form.GateRows * Form.Hidden * sizeof(float) > FirstLevelBytes;

    private void EmitBlock(StepWriter writer, int blocks, int units, string? turns, int together, Action<Simd, string, string> body)
    {
        var vectors = together == 1 ? new RecurrentVectors("sums", "state") : new RecurrentVectors("allSums", "states", together, SumLength, StateLength);
        using (BehindZeros(writer))
        {
            RecurrentProduct.EmitGates(writer, "recurrence", vectors, Form.Hidden, Form.Gates, blocks, turns);
        }

        writer.Line($"int unit = block * {Layout.BlockSize};");
        EmitEach(writer, together, () =>
        {
            if (together > 1)
            {
                DeclareInput(writer);
            }

            VectorLoop.Emit(writer, units, (simd, i) => body(simd, i == "0" ? "unit" : $"unit + {i}", "kept"));
        });
    }

    /// <summary>Writes a loop over the units.</summary>
    protected void EmitUnits(StepWriter writer, Action<Simd, string> body) => VectorLoop.Emit(writer, Form.Hidden, body);

    /// <summary>The input's part of a gate: projection and its bias.</summary>
    protected string Projected(Simd simd, int gate, string i)
    {
        string x = simd.Load(At("x", gate * Form.Hidden, i));
        return _operands.Bias is null ? x : $"{x} + {simd.Load(At("bias", gate * Form.Hidden, i))}";
    }

    /// <summary>The state's part of a gate: product and its bias.</summary>
    protected string Recurrent(Simd simd, int gate, string i)
    {
        string sum = simd.Load(At("sums", gate * GateStride, i));
        return _operands.Bias is null ? sum : $"{sum} + {simd.Load(At("bias", Form.GateRows + (gate * Form.Hidden), i))}";
    }

    /// <summary>A peephole's weight: 0 input, 1 output, 2 forget.</summary>
    protected string Peephole(Simd simd, int index, string i) => simd.Load(At("peepholes", index * Form.Hidden, i));

    /// <summary>A local with an activation of an argument that is clipped where the node says so, unless it is one that is never clipped.</summary>
    protected void DeclareActivated(StepWriter writer, Simd simd, string name, int activation, string argument, bool clips = true)
    {
        string clipped = clips && Form.Clip is { } clip ? simd.AtMost(simd.Constant(clip), simd.AtLeast(simd.Constant(-clip), argument)) : argument;
        writer.Line($"{simd.Type} {name}Sum = {clipped};");
        writer.Line($"{simd.Type} {name} = {Form.Activation(_direction, activation).Emit(simd, new[] { ElementType.Float32 }, new[] { $"{name}Sum" })};");
    }

    /// <summary>Pointer expression of element <paramref name="i"/> behind an offset.</summary>
    protected static string At(string pointer, int offset, string i) => VectorLoop.At(offset == 0 ? pointer : $"{pointer} + {offset}", i);

    private static TensorView[] Present(params TensorView?[] views) => views.OfType<TensorView>().ToArray();

    private void DeclarePointers(StepWriter writer, int together)
    {
        writer.Pointer(_operands.Projection, "projection", _operands.Projection.Describe());
        writer.Pointer(_operands.Recurrence, "recurrence", _operands.Recurrence.Describe());
        Declare(writer, _operands.Bias, "bias", _direction * 2 * Form.GateRows);
        Declare(writer, _operands.Peepholes, "peepholes", _direction * 3 * Form.Hidden);
        Declare(writer, _operands.Lengths, "lengths");
        Declare(writer, _operands.InitialState, "initialState");
        Declare(writer, _operands.InitialCell, "initialCell");
        Declare(writer, _operands.Sequence, "sequence");
        Declare(writer, _operands.LastState, "lastState");
        Declare(writer, _operands.LastCell, "lastCell");
        writer.Pointer(_operands.Sums, together == 1 ? "sums" : "allSums");
        writer.Pointer(_operands.State, together == 1 ? "state" : "states");
        if (together == 1)
        {
            DeclareStateParts(writer);
        }

        if (CanFail)
        {
            writer.Line("int error = 0;");
        }
    }

    private static void Declare(StepWriter writer, TensorView? view, string name, int offset = 0)
    {
        if (view is not null)
        {
            writer.Pointer(view, name, view.Describe());
            if (offset != 0)
            {
                writer.Line($"{name} += {offset};");
            }
        }
    }

    /// <summary>A block for products with the state: none is needed where that is still zeros.</summary>
    private CodeWriter.Scope BehindZeros(StepWriter writer) => writer.Block(StartsFromZeros ? "if (s > 0)" : string.Empty);

    private static void WriteZeros(StepWriter writer, string target, int length) =>
        VectorLoop.Emit(writer, length, (simd, i) => writer.Line(simd.Store(VectorLoop.At(target, i), simd.Zero)));

    private void WriteInitial(StepWriter writer, TensorView? initial, string pointer, string target)
    {
        if (initial is null)
        {
            WriteZeros(writer, target, Form.Hidden);
            return;
        }

        string name = $"{target}Before";
        writer.Line($"float* {name} = {pointer} + {StateOffset()};");
        WriteCopy(writer, name, target);
    }

    private void WriteLast(StepWriter writer, TensorView? view, string pointer, string source)
    {
        if (view is not null)
        {
            string name = $"{source}After";
            writer.Line($"float* {name} = {pointer} + {StateOffset()};");
            WriteCopy(writer, source, name);
        }
    }

    private void WriteCopy(StepWriter writer, string source, string target) =>
        VectorLoop.Emit(writer, Form.Hidden, (simd, i) => writer.Line(simd.Store(VectorLoop.At(target, i), simd.Load(VectorLoop.At(source, i)))));

    private string StateOffset()
    {
        int start = Form.StateIndex(_direction, 0);
        long stride = Form.BatchFirst ? (long)Form.Directions * Form.Hidden : Form.Hidden;
        return $"{start} + (b * {stride}L)";
    }

    /// <summary>Declares a pointer to a step's row of Y.</summary>
    private string Row(StepWriter writer, string step, string name)
    {
        int start = Form.OutputIndex(0, _direction, 0);
        (long stepStride, long batchStride) = Form.BatchFirst
            ? ((long)Form.Directions * Form.Hidden, (long)Form.Steps * Form.Directions * Form.Hidden)
            : ((long)Form.Directions * Form.Batch * Form.Hidden, Form.Hidden);
        writer.Line($"float* {name} = sequence + {start} + ({step} * {stepStride}L) + (b * {batchStride}L);");
        return name;
    }
}
