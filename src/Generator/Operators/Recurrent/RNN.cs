using System.Collections.Generic;
using System.Linq;
using AotCompiler.Ir;
using AotCompiler.Kernels;

namespace AotCompiler.Operators.Recurrent;

/// <summary>RNN: H = f(X · Wᵀ + Wb + H' · Rᵀ + Rb), H' the state of the step before.</summary>
/// <remarks>Spec: https://onnx.ai/onnx/operators/onnx__RNN.html · Types: f32, f64 · see <see cref="RecurrentOperator"/>.</remarks>
internal sealed class RNN : RecurrentOperator
{
    public RNN()
        : base("RNN")
    {
    }

    public override int Gates => 1;

    public override IReadOnlyList<string> DefaultActivations => new[] { "Tanh" };

    protected override void EvaluateCell(RecurrentOracle oracle, RecurrentForm form, int direction)
    {
        double[] next = Enumerable.Range(0, form.Hidden)
            .Select(u => oracle.Activate(0, oracle.Input(0, u) + oracle.Recurrent(0, u, oracle.State)))
            .ToArray();
        next.CopyTo(oracle.State, 0);
    }

    public override (Value State, Value? Cell) ComposeCell(RecurrentCell cell, RecurrentForm form) => (cell.Activate(0, cell.Sum(0)), null);

    protected override RecurrentStep CreateStep(Node node, RecurrentForm form, int direction, RecurrentOperands operands) => new RnnStep(node, form, direction, operands);
}
