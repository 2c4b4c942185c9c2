using System.Collections.Generic;
using System.Linq;
using AotCompiler.Ir;
using AotCompiler.Kernels;

namespace AotCompiler.Operators.Recurrent;

/// <summary>
/// LSTM: i, f = f(X·Wᵀ + H'·Rᵀ + P ⊙ C' + b), c = g(X·Wcᵀ + H'·Rcᵀ + b), C = f ⊙ C' + i ⊙ c,
/// o = f(X·Woᵀ + H'·Roᵀ + Po ⊙ C + b), H = o ⊙ h(C). The gates lie in the order i, o, f, c; the peepholes P in the order i, o, f.
/// </summary>
/// <remarks>Spec: https://onnx.ai/onnx/operators/onnx__LSTM.html · Types: f32, f64 · see <see cref="RecurrentOperator"/>.</remarks>
internal sealed class LSTM : RecurrentOperator
{
    public LSTM()
        : base("LSTM")
    {
    }

    public override int Gates => 4;

    public override bool HasCell => true;

    public override IReadOnlyList<string> DefaultActivations => new[] { "Sigmoid", "Tanh", "Tanh" };

    public override (int Min, int Max) InputCount => (3, 8);

    public override (int Min, int Max) OutputCount => (1, 3);

    protected override void EvaluateCell(RecurrentOracle oracle, RecurrentForm form, int direction)
    {
        double[] before = oracle.State.ToArray();
        for (int u = 0; u < form.Hidden; u++)
        {
            double Sum(int gate) => oracle.Input(gate, u) + oracle.Recurrent(gate, u, before);
            double input = oracle.Activate(0, Sum(0) + (oracle.Peephole(0, u) * oracle.Cell[u]));
            double forget = form.CoupledForget ? 1 - input : oracle.Activate(0, Sum(2) + (oracle.Peephole(2, u) * oracle.Cell[u]));
            double cell = (forget * oracle.Cell[u]) + (input * oracle.Activate(1, Sum(3)));
            double output = oracle.Activate(0, Sum(1) + (oracle.Peephole(1, u) * cell));
            oracle.Cell[u] = cell;
            oracle.State[u] = output * oracle.ActivateWhole(2, cell);
        }
    }

    public override (Value State, Value? Cell) ComposeCell(RecurrentCell cell, RecurrentForm form)
    {
        Value Gate(int gate, int peephole, Value before) =>
            cell.Activate(0, cell.Peephole(peephole) is { } p ? cell.Add(cell.Sum(gate), cell.Mul(p, before)) : cell.Sum(gate));
        Value before = cell.Cell!;
        Value input = Gate(0, 0, before);
        Value forget = form.CoupledForget ? cell.Complement(input) : Gate(2, 2, before);
        Value next = cell.Add(cell.Mul(forget, before), cell.Mul(input, cell.Activate(1, cell.Sum(3))));
        return (cell.Mul(Gate(1, 1, next), cell.ActivateWhole(2, next)), next);
    }

    protected override RecurrentStep CreateStep(Node node, RecurrentForm form, int direction, RecurrentOperands operands) => new LstmStep(node, form, direction, operands);
}
