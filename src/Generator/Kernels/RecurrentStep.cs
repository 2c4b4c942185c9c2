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
/// <param name="Recurrence">Rᵀ of this direction in panels.</param>
/// <param name="Panels">How those lie.</param>
/// <param name="Bias">B of all directions, [D, 2 · gates · H], or null.</param>
/// <param name="Lengths">i32 [B], or null.</param>
/// <param name="InitialState">In the node's order of dimensions, or null for zeros.</param>
/// <param name="InitialCell">LSTM's, likewise.</param>
/// <param name="Peepholes">LSTM's P of all directions, [D, 3 · H], or null.</param>
/// <param name="Sequence">Y, or null if it is not wanted.</param>
/// <param name="LastState">Y_h, or null.</param>
/// <param name="LastCell">Y_c, or null.</param>
/// <param name="State">Scratch [sequences together, 3, H]: hidden state, cell state, and what a cell keeps between two products.</param>
/// <param name="Sums">Scratch [<see cref="RecurrentProduct.MaxRows"/>, gates, 16]: the sums of 16 units.</param>
internal sealed record RecurrentOperands(
    TensorView Projection,
    TensorView Recurrence,
    RecurrentPanels Panels,
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

    /// <summary>What a product may read, as the number of the part of a sequence's memory.</summary>
    protected const int State = 0;

    protected const int Cell = 1;

    /// <summary>Sequences whose states stay in the caches beside the weights.</summary>
    private const int MaxTogether = 48;

    /// <summary>Weights of this size come from the second-level cache.</summary>
    private const int SecondLevelBytes = 1024 * 1024;

    /// <summary>
    /// Fewest sequences of a group that a thread walks on its own, for weights that come from that cache and for those that do not: fewer wait
    /// for the weights, so that two groups take as long as one of both.
    /// </summary>
    private const int NearShared = 8;

    private const int FarShared = 16;

    /// <summary>Groups that are enough for even shares.</summary>
    private const int MostGroups = 4;

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

    public sealed override bool SharesRunTimeSizes => true;

    /// <summary>Groups of sequences, if each share's states have room on its thread's stack.</summary>
    public sealed override Extent ParallelExtent(Simd simd) => KeepsStateLocal(Form, CanFail) ? Groups : 1;

    private Extent Groups
    {
        get
        {
            int together = SharedTogether(Form, CanFail);
            return Extent.Of((Form.BatchTrip.Expression + Size.Of(together - 1)).FloorDivide(together));
        }
    }

    public sealed override void Emit(StepWriter writer)
    {
        DeclarePointers(writer);
        int together = writer.IsShared ? SharedTogether(Form, CanFail) : MostTogether(Form, CanFail);
        if (Form.BatchTrip.IsDynamic)
        {
            string batch = writer.Value(Form.BatchTrip);
            using (writer.IsShared ? writer.ForUnits("part", Groups) : writer.Block($"for (int group = 0; group < {batch}; group += {together})"))
            {
                if (writer.IsShared)
                {
                    writer.Line($"int group = part * {together};");
                }

                if (together > 1)
                {
                    writer.Line($"int count = global::System.Math.Min({together}, {batch} - group);");
                }

                EmitWalk(writer, together > 1 ? 0 : 1);
            }
        }
        else
        {
            int grouped = Form.Batch / together * together;
            using (writer.IsShared ? writer.ForTiles("group", 0, grouped, together, 0) : writer.For("group", grouped, together))
            {
                EmitWalk(writer, together);
            }

            if (grouped < Form.Batch)
            {
                // A single tile, whose loop is a block with its start as a constant.
                using (writer.ForTiles("group", grouped, Form.Batch, together, grouped / together))
                {
                    EmitWalk(writer, Form.Batch - grouped);
                }
            }
        }

        if (CanFail)
        {
            writer.Line("return error;");
        }
    }

    /// <summary>Most sequences that walk their steps together, so that they share what is read of the weights.</summary>
    /// <param name="form">Sizes.</param>
    /// <param name="hasLengths">True if sequences end at different steps: then each walks alone.</param>
    public static int MostTogether(RecurrentForm form, bool hasLengths) => hasLengths ? 1 : Math.Max(1, Math.Min(MaxTogether, form.Batch));

    /// <summary>The same where threads share the sequences: groups are fewer, but have enough to share what is read of the weights.</summary>
    private static int SharedTogether(RecurrentForm form, bool hasLengths)
    {
        int least = (long)form.GateRows * form.Hidden * sizeof(float) > SecondLevelBytes ? FarShared : NearShared;
        int groups = form.Batch >= MostGroups * least ? MostGroups : form.Batch >= 2 * least ? 2 : 1;
        return Math.Min(MostTogether(form, hasLengths), (form.Batch + groups - 1) / groups);
    }

    /// <summary>True if what a share works with has room on its thread's stack.</summary>
    /// <param name="form">Sizes.</param>
    /// <param name="hasLengths">True if sequences end at different steps.</param>
    public static bool KeepsStateLocal(RecurrentForm form, bool hasLengths) =>
        StateBytes(form, SharedTogether(form, hasLengths)) + SumBytes(form) <= StepWriter.MaxLocalBytes;

    private static long StateBytes(RecurrentForm form, int together) => (long)together * 3 * form.Hidden * sizeof(float);

    private static long SumBytes(RecurrentForm form) => (long)RecurrentProduct.MaxRows * form.Gates * Layout.BlockSize * sizeof(float);

    /// <summary>Writes all steps of the sequences of a group.</summary>
    /// <param name="writer">Where it goes.</param>
    /// <param name="count">How many; 0 if the local <c>count</c> says it.</param>
    private void EmitWalk(StepWriter writer, int count)
    {
        if (count == 1)
        {
            writer.Line("int b = group;");
            writer.Line("float* state = states;");
            DeclareStateParts(writer);
        }

        EmitEach(writer, count, () =>
        {
            WriteInitial(writer, _operands.InitialState, "initialState", "state");
            if (HasCell)
            {
                WriteInitial(writer, _operands.InitialCell, "initialCell", "cell");
            }
        });
        if (StartsFromZeros)
        {
            WriteZeros(writer, "blockSums", RecurrentProduct.MaxRows * Form.Gates * Layout.BlockSize);
        }

        string steps = writer.Value(Form.StepTrip);
        string limit = Form.StepTrip.IsDynamic ? $"{steps} + 1" : $"{Form.Steps + 1}";
        writer.Line(CanFail ? $"int length = (int)IndexGuard.Check(lengths[b], {limit}, ref error);"
            : Form.StepTrip.IsDynamic ? $"int length = {steps};"
            : $"const int length = {steps};");
        using (writer.Block("for (int s = 0; s < length; s++)"))
        {
            writer.Line($"int t = {(Form.IsReversed(_direction) ? "length - 1 - s" : "s")};");
            if (count == 1)
            {
                DeclareInput(writer);
            }

            if (Turns(writer))
            {
                writer.Line("bool turns = (s & 1) != 0;");
            }

            EmitCell(writer, count);
            if (_operands.Sequence is not null)
            {
                EmitEach(writer, count, () => WriteCopy(writer, "state", Row(writer, "t", "y")));
            }
        }

        if (_operands.Sequence is not null && CanFail)
        {
            using (writer.Block($"for (int t = length; t < {steps}; t++)"))
            {
                WriteZeros(writer, Row(writer, "t", "padding"), Form.Hidden);
            }
        }

        EmitEach(writer, count, () =>
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

    /// <summary>Writes what is done for each sequence of a group; the locals <c>b</c>, <c>state</c>, <c>cell</c> and <c>kept</c> are its own.</summary>
    private void EmitEach(StepWriter writer, int count, Action body)
    {
        if (count == 1)
        {
            body();
            return;
        }

        using (writer.Block($"for (int q = 0; q < {(count == 0 ? "count" : $"{count}")}; q++)"))
        {
            DeclareSequence(writer, "q");
            body();
        }
    }

    private void DeclareSequence(StepWriter writer, string number)
    {
        writer.Line($"int b = group + {number};");
        writer.Line($"float* state = states + (({number}) * {StateLength});");
        DeclareStateParts(writer);
    }

    /// <summary>Elements of the memory of one sequence: state, cell, what is kept.</summary>
    private int StateLength => 3 * Form.Hidden;

    private void DeclareStateParts(StepWriter writer)
    {
        writer.Line($"float* cell = state + {Form.Hidden};");
        writer.Line($"float* kept = state + {2 * Form.Hidden};");
    }

    /// <summary>True if the cell has a second state.</summary>
    protected virtual bool HasCell => false;

    /// <summary>Writes one step: <c>state</c> (and <c>cell</c>) from <c>x</c> and the state before.</summary>
    /// <param name="writer">Where it goes.</param>
    /// <param name="count">Sequences that make the step together; 0 if the local <c>count</c> says it.</param>
    protected abstract void EmitCell(StepWriter writer, int count);

    /// <summary>
    /// Writes gates that multiply one vector of each sequence: 16 units at a time have the sums of their gates, some sequences together,
    /// and at once what becomes of them, while the next ones' weights are on their way.
    /// </summary>
    /// <param name="writer">Where it goes.</param>
    /// <param name="count">See <see cref="EmitCell"/>.</param>
    /// <param name="group">Which of <see cref="RecurrentForm.GateGroups"/>.</param>
    /// <param name="vector">What is multiplied: 0 the state, 1 the cell.</param>
    /// <param name="body">Writes one vector of units, whose sums <see cref="Recurrent"/> gives. It may not overwrite what is multiplied.</param>
    protected void EmitGates(StepWriter writer, int count, int group, int vector, Action<Simd, string> body)
    {
        int blocks = Layout.BlockCount(Form.Hidden);
        int whole = Form.Hidden / Layout.BlockSize;
        if (whole > 0)
        {
            using (writer.For(Turns(writer) ? "visit" : "block", whole))
            {
                if (Turns(writer))
                {
                    writer.Line($"int block = turns ? {whole - 1} - visit : visit;");
                }

                EmitBlock(writer, count, group, vector, Layout.BlockSize, body);
            }
        }

        if (whole < blocks)
        {
            using (writer.For("block", blocks, 1, whole))
            {
                EmitBlock(writer, count, group, vector, Form.Hidden - (whole * Layout.BlockSize), body);
            }
        }
    }

    /// <summary>Writes the next states, collected in <c>kept</c>, over the present ones, which all sums needed.</summary>
    protected void EmitAdvance(StepWriter writer, int count) => EmitEach(writer, count, () => WriteCopy(writer, "kept", "state"));

    /// <summary>
    /// True if every other step walks the weights backwards: where they are more than the first-level cache holds, a step then begins
    /// with what the step before has left there.
    /// </summary>
    private bool Turns(StepWriter writer) => !writer.IsCompact
        && Form.Steps > 1
        && (long)Form.GateRows * Form.Hidden * sizeof(float) > FirstLevelBytes;

    /// <summary>Writes one block of units of all sequences of a group, as many at a time as have registers for their sums.</summary>
    private void EmitBlock(StepWriter writer, int count, int group, int vector, int units, Action<Simd, string> body)
    {
        writer.Line($"int unit = block * {Layout.BlockSize};");
        int most = writer.IsCompact ? 1 : RecurrentProduct.MostRows(writer.Simd, Form.GateGroups[group].Count);
        void Rows(int rows) => EmitRows(writer, count, new RecurrentRows(group, vector, rows, units, IsAlone: rows == count), body);
        if (count == 0)
        {
            writer.Line("int first = 0;");
            if (most > 1)
            {
                using (writer.Block($"for (; first <= count - {most}; first += {most})"))
                {
                    Rows(most);
                }
            }

            using (writer.Block("for (; first < count; first++)"))
            {
                Rows(1);
            }

            return;
        }

        int tiles = (count + most - 1) / most;
        int tile = (count + tiles - 1) / tiles;
        int tiled = count / tile * tile;
        if (tile == count)
        {
            Rows(tile);
            return;
        }

        using (writer.For("first", tiled, tile))
        {
            Rows(tile);
        }

        if (tiled < count)
        {
            using (writer.Block())
            {
                writer.Line($"const int first = {tiled};");
                Rows(count - tiled);
            }
        }
    }

    private void EmitRows(StepWriter writer, int count, RecurrentRows rows, Action<Simd, string> body)
    {
        GateGroup gates = Form.GateGroups[rows.Group];
        string first = rows.IsAlone ? string.Empty : $" + (first * {StateLength})";
        string part = rows.Vector == 0 ? string.Empty : $" + {rows.Vector * Form.Hidden}";
        using (writer.Block(StartsFromZeros ? "if (s > 0)" : string.Empty))
        {
            var tile = new RecurrentTile(
                $"recurrence + {_operands.Panels.Start(Form, gates)} + (block * {_operands.Panels.BlockStride(Form, gates)}L)",
                _operands.Panels.GateStride(Form),
                _operands.Panels.TermStride(gates),
                $"states{first}{part}",
                StateLength,
                $"blockSums + {gates.First * Layout.BlockSize}",
                Form.Gates * Layout.BlockSize,
                rows.Count);
            RecurrentProduct.Emit(writer, tile, Form.Hidden, gates.Count, Turns(writer) && rows.IsAlone ? "turns" : null);
        }

        if (count == 1)
        {
            writer.Line("float* sums = blockSums - unit;");
            EmitUnits(writer, rows.Units, body);
            return;
        }

        using (writer.For("q", rows.Count))
        {
            DeclareSequence(writer, rows.IsAlone ? "q" : "first + q");
            writer.Line($"float* sums = blockSums + (q * {Form.Gates * Layout.BlockSize}) - unit;");
            DeclareInput(writer);
            EmitUnits(writer, rows.Units, body);
        }
    }

    private static void EmitUnits(StepWriter writer, int units, Action<Simd, string> body) =>
        VectorLoop.Emit(writer, units, (simd, i) => body(simd, i == "0" ? "unit" : $"unit + {i}"));

    /// <summary>Sequences whose sums are taken together.</summary>
    /// <param name="Group">Number of the group of gates.</param>
    /// <param name="Vector">What is multiplied.</param>
    /// <param name="Count">How many sequences.</param>
    /// <param name="Units">Units of the block that there are.</param>
    /// <param name="IsAlone">True if these are all.</param>
    private readonly record struct RecurrentRows(int Group, int Vector, int Count, int Units, bool IsAlone);

    /// <summary>The input's part of a gate: projection and its bias.</summary>
    protected string Projected(Simd simd, int gate, string i)
    {
        string x = simd.Load(At("x", gate * Form.Hidden, i));
        return _operands.Bias is null ? x : $"{x} + {simd.Load(At("bias", gate * Form.Hidden, i))}";
    }

    /// <summary>The state's part of a gate: product and its bias.</summary>
    protected string Recurrent(Simd simd, int gate, string i)
    {
        string sum = simd.Load(At("sums", gate * Layout.BlockSize, i));
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

    private void DeclarePointers(StepWriter writer)
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
        if (writer.IsShared)
        {
            writer.Line($"float* blockSums = (float*){writer.Local("sumBytes", SumBytes(Form), "sums of the gates of a block of units")};");
            writer.Line($"float* states = (float*){writer.Local("stateBytes", StateBytes(Form, SharedTogether(Form, CanFail)), "states of a group of sequences")};");
        }
        else
        {
            writer.Pointer(_operands.Sums, "blockSums");
            writer.Pointer(_operands.State, "states");
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
