using System.Linq;
using AotCompiler.Diagnostics;
using AotCompiler.Ir;

namespace AotCompiler.Operators.Composed;

/// <summary>An optimiser of <c>ai.onnx.preview.training</c>: a rate, a count of updates, then lists of tensors, their gradients and what is remembered of them.</summary>
internal abstract class TrainingStep : ComposedOperator
{
    private readonly int _lists;

    /// <param name="name">Name of the operator.</param>
    /// <param name="lists">Number of lists of inputs: tensors, gradients, and at least one that is remembered. As many less one are outputs.</param>
    protected TrainingStep(string name, int lists)
        : base(name, "ai.onnx.preview.training")
    {
        _lists = lists;
    }

    public sealed override (int Min, int Max) InputCount => (2 + _lists, int.MaxValue);

    public sealed override (int Min, int Max) OutputCount => (1, int.MaxValue);

    protected override bool HandlesRunTimeSize(Node node, int input, int axis) => true;

    protected sealed override void Compose(Node node, Composer compose)
    {
        int count = (node.Inputs.Count - 2) / _lists;
        if (node.Inputs.Count != 2 + (count * _lists) || node.Outputs.Count > count * (_lists - 1))
        {
            throw compose.Fail(DiagnosticCodes.GraphMalformed, $"its lists of tensors do not have the same length");
        }

        for (int i = 0; i < count; i++)
        {
            Value[] tensors = Enumerable.Range(0, _lists).Select(l => node.Required(2 + (l * count) + i)).ToArray();
            compose.Check(tensors.All(t => t.Shape.Equals(tensors[0].Shape) && t.Type == tensors[0].Type), "a tensor, its gradient and what is remembered of it differ in shape or type");
            Value decay = compose.Scalar(node.Attributes.Float("norm_coefficient", 0), tensors[0].Type);
            tensors[1] = compose.Add(compose.Mul(decay, tensors[0]), tensors[1]);
            Value[] updated = Update(node, compose, compose.Cast(node.Required(0), tensors[0].Type), compose.Cast(node.Required(1), tensors[0].Type), tensors);
            for (int l = 0; l < updated.Length; l++)
            {
                compose.Return((l * count) + i, updated[l]);
            }
        }
    }

    /// <summary>The new tensor and what is to be remembered of it.</summary>
    /// <param name="node">The node.</param>
    /// <param name="compose">Writes the expression.</param>
    /// <param name="rate">Learning rate.</param>
    /// <param name="updates">Number of updates before.</param>
    /// <param name="tensors">The tensor, its regularised gradient, what is remembered.</param>
    protected abstract Value[] Update(Node node, Composer compose, Value rate, Value updates, Value[] tensors);
}
