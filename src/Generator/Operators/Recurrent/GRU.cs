using System.Collections.Generic;
using System.Linq;
using AotCompiler.Ir;
using AotCompiler.Kernels;

namespace AotCompiler.Operators.Recurrent;

/// <summary>
/// GRU: z = f(X·Wzᵀ + H'·Rzᵀ), r = f(X·Wrᵀ + H'·Rrᵀ), h = g(X·Whᵀ + (r ⊙ H')·Rhᵀ), or g(X·Whᵀ + r ⊙ (H'·Rhᵀ)) with
/// linear_before_reset; H = (1 − z) ⊙ h + z ⊙ H'. Biases belong to each product.
/// </summary>
/// <remarks>Spec: https://onnx.ai/onnx/operators/onnx__GRU.html · Types: f32, f64 · Opsets: 3 added linear_before_reset; see <see cref="RecurrentOperator"/>.</remarks>
internal sealed class GRU : RecurrentOperator
{
    public GRU()
        : base("GRU")
    {
    }

    public override int Gates => 3;

    public override IReadOnlyList<string> DefaultActivations => new[] { "Sigmoid", "Tanh" };

    protected override void EvaluateCell(RecurrentOracle oracle, RecurrentForm form, int direction)
    {
        double[] Gate(int gate) => Enumerable.Range(0, form.Hidden)
            .Select(u => oracle.Activate(0, oracle.Input(gate, u) + oracle.Recurrent(gate, u, oracle.State)))
            .ToArray();
        double[] update = Gate(0);
        double[] reset = Gate(1);
        double[] resetState = oracle.State.Zip(reset, static (h, r) => h * r).ToArray();
        double[] next = Enumerable.Range(0, form.Hidden).Select(u =>
        {
            double recurrent = form.LinearBeforeReset
                ? reset[u] * oracle.Recurrent(2, u, oracle.State)
                : oracle.Recurrent(2, u, resetState);
            double candidate = oracle.Activate(1, oracle.Input(2, u) + recurrent);
            return ((1 - update[u]) * candidate) + (update[u] * oracle.State[u]);
        }).ToArray();
        next.CopyTo(oracle.State, 0);
    }

    public override (Value State, Value? Cell) ComposeCell(RecurrentCell cell, RecurrentForm form)
    {
        Value update = cell.Activate(0, cell.Sum(0));
        Value reset = cell.Activate(0, cell.Sum(1));
        Value recurrent = form.LinearBeforeReset
            ? cell.Mul(reset, cell.Recurrent(2, cell.State))
            : cell.Recurrent(2, cell.Mul(reset, cell.State));
        Value candidate = cell.Activate(1, cell.Add(cell.Input(2), recurrent));
        return (cell.Add(cell.Mul(cell.Complement(update), candidate), cell.Mul(update, cell.State)), null);
    }

    protected override RecurrentStep CreateStep(Node node, RecurrentForm form, int direction, RecurrentOperands operands) => new GruStep(node, form, direction, operands);
}
