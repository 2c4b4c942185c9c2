using AotCompiler.Emission;
using AotCompiler.Ir;
using AotCompiler.Operators.Recurrent;

namespace AotCompiler.Kernels;

/// <summary>The cell of RNN.</summary>
internal sealed class RnnStep : RecurrentStep
{
    public RnnStep(Node node, RecurrentForm form, int direction, RecurrentOperands operands)
        : base(node, form, direction, operands)
    {
    }

    public override string Summary => "RNN, H = f(X·Wᵀ + H'·Rᵀ + b)";

    protected override void EmitCell(StepWriter writer, int count)
    {
        EmitGates(writer, count, 0, State, (simd, i) =>
        {
            DeclareActivated(writer, simd, "next", 0, $"{Projected(simd, 0, i)} + {Recurrent(simd, 0, i)}");
            writer.Line(simd.Store(VectorLoop.At("kept", i), "next"));
        });
        EmitAdvance(writer, count);
    }
}

/// <summary>The cell of GRU; the gates lie in the order update, reset, candidate.</summary>
internal sealed class GruStep : RecurrentStep
{
    public GruStep(Node node, RecurrentForm form, int direction, RecurrentOperands operands)
        : base(node, form, direction, operands)
    {
    }

    public override string Summary => "GRU, H = (1 - z)·h + z·H'";

    protected override void EmitCell(StepWriter writer, int count)
    {
        if (Form.LinearBeforeReset)
        {
            EmitGates(writer, count, 0, State, (simd, i) =>
            {
                DeclareGate(writer, simd, "update", 0, i);
                DeclareGate(writer, simd, "reset", 1, i);
                WriteNext(writer, simd, $"reset * ({Recurrent(simd, 2, i)})", i, "kept");
            });
            EmitAdvance(writer, count);
            return;
        }

        // The candidate's product needs the reset gate of all units: two passes, the reset state between them in "cell", the update gate in "kept".
        EmitGates(writer, count, 0, State, (simd, i) =>
        {
            DeclareGate(writer, simd, "update", 0, i);
            DeclareGate(writer, simd, "reset", 1, i);
            writer.Line(simd.Store(VectorLoop.At("kept", i), "update"));
            writer.Line(simd.Store(VectorLoop.At("cell", i), $"reset * {simd.Load(VectorLoop.At("state", i))}"));
        });
        EmitGates(writer, count, 1, Cell, (simd, i) =>
        {
            writer.Line($"{simd.Type} update = {simd.Load(VectorLoop.At("kept", i))};");
            WriteNext(writer, simd, Recurrent(simd, 2, i), i, "state");
        });
    }

    private void DeclareGate(StepWriter writer, Simd simd, string name, int gate, string i) =>
        DeclareActivated(writer, simd, name, 0, $"{Projected(simd, gate, i)} + {Recurrent(simd, gate, i)}");

    private void WriteNext(StepWriter writer, Simd simd, string recurrent, string i, string target)
    {
        DeclareActivated(writer, simd, "candidate", 1, $"{Projected(simd, 2, i)} + {recurrent}");
        writer.Line($"{simd.Type} next = (({simd.Constant(1)} - update) * candidate) + (update * {simd.Load(VectorLoop.At("state", i))});");
        writer.Line(simd.Store(VectorLoop.At(target, i), "next"));
    }
}

/// <summary>The cell of LSTM; the gates lie in the order input, output, forget, cell.</summary>
internal sealed class LstmStep : RecurrentStep
{
    public LstmStep(Node node, RecurrentForm form, int direction, RecurrentOperands operands)
        : base(node, form, direction, operands)
    {
    }

    public override string Summary => "LSTM, C = f·C' + i·c, H = o·h(C)";

    protected override bool HasCell => true;

    protected override void EmitCell(StepWriter writer, int count)
    {
        EmitGates(writer, count, 0, State, (simd, i) =>
        {
            writer.Line($"{simd.Type} before = {simd.Load(VectorLoop.At("cell", i))};");
            DeclareActivated(writer, simd, "input", 0, Gate(simd, 0, i, 0, "before"));
            if (Form.CoupledForget)
            {
                writer.Line($"{simd.Type} forget = {simd.Constant(1)} - input;");
            }
            else
            {
                DeclareActivated(writer, simd, "forget", 0, Gate(simd, 2, i, 2, "before"));
            }

            DeclareActivated(writer, simd, "candidate", 1, Gate(simd, 3, i));
            writer.Line($"{simd.Type} after = (forget * before) + (input * candidate);");
            DeclareActivated(writer, simd, "output", 0, Gate(simd, 1, i, 1, "after"));
            DeclareActivated(writer, simd, "squashed", 2, "after", clips: false);
            writer.Line(simd.Store(VectorLoop.At("cell", i), "after"));
            writer.Line(simd.Store(VectorLoop.At("kept", i), "output * squashed"));
        });
        EmitAdvance(writer, count);
    }

    /// <summary>The sum of a gate, with the cell state through a peephole where there are any.</summary>
    private string Gate(Simd simd, int gate, string i, int peephole = -1, string cell = "")
    {
        string sum = $"{Projected(simd, gate, i)} + {Recurrent(simd, gate, i)}";
        return peephole < 0 || !HasPeepholes ? sum : $"{sum} + ({Peephole(simd, peephole, i)} * {cell})";
    }
}
