using System.Collections.Generic;
using System.Linq;
using AotCompiler.Emission;
using AotCompiler.Ir;
using AotCompiler.Lowering;
using AotCompiler.Operators.Recurrent;

namespace AotCompiler.Kernels;

/// <summary>Memory of a recurrent step; all views are dense.</summary>
/// <param name="Projection">X · Wᵀ of this direction, [T, B, gates · H].</param>
/// <param name="Recurrence">Rᵀ of this direction in panels, [gates · ⌈H/16⌉, H, 16].</param>
/// <param name="Bias">B of all directions, [D, 2 · gates · H], or null.</param>
/// <param name="Lengths">i32 [B], or null.</param>
/// <param name="InitialState">In the node's order of dimensions, or null for zeros.</param>
/// <param name="InitialCell">LSTM's, likewise.</param>
/// <param name="Peepholes">LSTM's P of all directions, [D, 3 · H], or null.</param>
/// <param name="Sequence">Y, or null if it is not wanted.</param>
/// <param name="LastState">Y_h, or null.</param>
/// <param name="LastCell">Y_c, or null.</param>
/// <param name="State">Scratch [3, H]: hidden state, cell state, and what a cell keeps between two products.</param>
/// <param name="Sums">Scratch [gates, ⌈H/16⌉, 16].</param>
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

    /// <summary>Elements between the sums of two gates.</summary>
    private int GateStride => Layout.BlockCount(Form.Hidden) * Layout.BlockSize;

    public sealed override void Emit(StepWriter writer)
    {
        DeclarePointers(writer);
        using (writer.For("b", Form.BatchTrip))
        {
            WriteInitial(writer, _operands.InitialState, "initialState", "state");
            if (HasCell)
            {
                WriteInitial(writer, _operands.InitialCell, "initialCell", "cell");
            }

            string steps = writer.Value(Form.StepTrip);
            string limit = Form.StepTrip.IsDynamic ? $"{steps} + 1" : $"{Form.Steps + 1}";
            writer.Line(_operands.Lengths is not null ? $"int length = (int)IndexGuard.Check(lengths[b], {limit}, ref error);"
                : Form.StepTrip.IsDynamic ? $"int length = {steps};"
                : $"const int length = {steps};");
            using (writer.Block("for (int s = 0; s < length; s++)"))
            {
                writer.Line($"int t = {(Form.IsReversed(_direction) ? "length - 1 - s" : "s")};");
                writer.Line($"float* x = projection + ((((long)t * {Form.Batch}) + b) * {Form.GateRows});");
                EmitCell(writer);
                if (_operands.Sequence is not null)
                {
                    WriteCopy(writer, "state", Row(writer, "t", "y"));
                }
            }

            if (_operands.Sequence is not null && _operands.Lengths is not null)
            {
                using (writer.Block($"for (int t = length; t < {steps}; t++)"))
                {
                    string row = Row(writer, "t", "padding");
                    VectorLoop.Emit(writer, Form.Hidden, (simd, i) => writer.Line(simd.Store(VectorLoop.At(row, i), simd.Zero)));
                }
            }

            WriteLast(writer, _operands.LastState, "lastState", "state");
            WriteLast(writer, _operands.LastCell, "lastCell", "cell");
        }

        if (CanFail)
        {
            writer.Line("return error;");
        }
    }

    /// <summary>True if the cell has a second state.</summary>
    protected virtual bool HasCell => false;

    /// <summary>Writes one step: <c>state</c> (and <c>cell</c>) from <c>x</c> and the state before.</summary>
    protected abstract void EmitCell(StepWriter writer);

    /// <summary>Writes <c>sums</c> of some gates: the product of a vector of H elements and the panels of R.</summary>
    protected void EmitProduct(StepWriter writer, int firstGate, int gateCount, string vector)
    {
        int blocksPerGate = Layout.BlockCount(Form.Hidden);
        RecurrentProduct.Emit(writer, "recurrence", "sums", vector, Form.Hidden, firstGate * blocksPerGate, gateCount * blocksPerGate);
    }

    /// <summary>
    /// Writes a cell whose gates all multiply the state: 16 units at a time have the sums of their gates and at once what becomes
    /// of them, while the next ones' weights are on their way. The next state is collected in <c>kept</c>, since all sums need the present one.
    /// </summary>
    /// <param name="writer">Where it goes.</param>
    /// <param name="body">Writes one vector of units; gets the name of the pointer to store the next state at.</param>
    protected void EmitGatesByUnits(StepWriter writer, System.Action<Simd, string, string> body)
    {
        if (!RecurrentProduct.FitsGates(writer.Simd, Form.Gates))
        {
            EmitProduct(writer, 0, Form.Gates, "state");
            EmitUnits(writer, (simd, i) => body(simd, i, "state"));
            return;
        }

        int blocks = Layout.BlockCount(Form.Hidden);
        int whole = Form.Hidden / Layout.BlockSize;
        if (whole > 0)
        {
            using (writer.For("block", whole))
            {
                EmitBlock(writer, blocks, Layout.BlockSize, body);
            }
        }

        if (whole < blocks)
        {
            using (writer.For("block", blocks, 1, whole))
            {
                EmitBlock(writer, blocks, Form.Hidden - (whole * Layout.BlockSize), body);
            }
        }

        WriteCopy(writer, "kept", "state");
    }

    private void EmitBlock(StepWriter writer, int blocks, int units, System.Action<Simd, string, string> body)
    {
        RecurrentProduct.EmitGates(writer, "recurrence", "sums", "state", Form.Hidden, Form.Gates, blocks);
        writer.Line($"int unit = block * {Layout.BlockSize};");
        VectorLoop.Emit(writer, units, (simd, i) => body(simd, i == "0" ? "unit" : $"unit + {i}", "kept"));
    }

    /// <summary>Writes a loop over the units.</summary>
    protected void EmitUnits(StepWriter writer, System.Action<Simd, string> body) => VectorLoop.Emit(writer, Form.Hidden, body);

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

    /// <summary>A local with an activation of an argument that is clipped where the node says so.</summary>
    protected void DeclareActivated(StepWriter writer, Simd simd, string name, int activation, string argument)
    {
        string clipped = Form.Clip is { } clip ? simd.AtMost(simd.Constant(clip), simd.AtLeast(simd.Constant(-clip), argument)) : argument;
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
        writer.Pointer(_operands.Sums, "sums");
        writer.Pointer(_operands.State, "state");
        writer.Line($"float* cell = state + {Form.Hidden};");
        writer.Line($"float* kept = state + {2 * Form.Hidden};");
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

    private void WriteInitial(StepWriter writer, TensorView? initial, string pointer, string target)
    {
        if (initial is null)
        {
            VectorLoop.Emit(writer, Form.Hidden, (simd, i) => writer.Line(simd.Store(VectorLoop.At(target, i), simd.Zero)));
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
