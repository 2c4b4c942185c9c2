using System.Collections.Generic;
using System.Linq;
using AotCompiler.Diagnostics;
using AotCompiler.Ir;

namespace AotCompiler.Operators.Gradients;

/// <summary>A node whose derivatives pass from its outputs to its inputs.</summary>
/// <param name="Compose">Adds nodes.</param>
/// <param name="Node">The node as it was read.</param>
/// <param name="Inputs">Its inputs; null where an optional one is absent.</param>
/// <param name="Outputs">Its outputs.</param>
/// <param name="Derivatives">The derivative by each output, of the output's shape.</param>
internal sealed record BackwardNode(Composer Compose, Node Node, IReadOnlyList<Value?> Inputs, IReadOnlyList<Value> Outputs, IReadOnlyList<Value> Derivatives)
{
    /// <summary>The derivative by output 0.</summary>
    public Value D => Derivatives[0];

    /// <summary>Input 0.</summary>
    public Value X => Inputs[0]!;

    /// <summary>Input 1.</summary>
    public Value W => Inputs[1]!;

    /// <summary>Output 0.</summary>
    public Value Y => Outputs[0];

    /// <summary>A number of the derivative's type.</summary>
    public Value Number(double value) => Compose.Scalar(value, D.Type);

    /// <summary>One derivative per input; inputs at the end that have none may be left out.</summary>
    public IReadOnlyList<Value?> To(params Value?[] derivatives) => derivatives;

    /// <summary>A derivative brought from a broadcast shape back to that of an input: sums over what was repeated.</summary>
    public Value SumTo(Value derivative, Shape shape)
    {
        int lead = derivative.Shape.Rank - shape.Rank;
        long[] axes = Enumerable.Range(0, derivative.Shape.Rank)
            .Where(a => a < lead || (shape[a - lead] == 1 && derivative.Shape[a] != 1))
            .Select(static a => (long)a)
            .ToArray();
        return Reshape(axes.Length == 0 ? derivative : Compose.Reduce("ReduceSum", derivative, keep: true, axes), shape);
    }

    /// <summary>The value under another shape of as many elements.</summary>
    public Value Reshape(Value value, Shape shape) => Compose.Reshape(value, shape.Dimensions.Select(static d => (long)d).ToArray());

    /// <summary>The derivative of a reduction for each of the elements that it took together.</summary>
    /// <param name="axes">The axes that were reduced.</param>
    public Value Spread(IReadOnlyCollection<int> axes)
    {
        var kept = new Shape(X.Shape.Dimensions.Select((d, a) => axes.Contains(a) ? 1 : d));
        return Compose.Expand(Reshape(D, kept), X.Shape.Dimensions.Select(static d => (long)d).ToArray());
    }

    /// <summary>Axes of a reduction in newest form: a constant input, all without one.</summary>
    public int[] ReducedAxes()
    {
        if (Node.Input(1) is not { } input)
        {
            return Node.Attributes.Flag("noop_with_empty_axes", false) ? System.Array.Empty<int>() : Enumerable.Range(0, X.Shape.Rank).ToArray();
        }

        long[] axes = (input.Constant ?? throw Fail("its axes are known only at run time")).ToInt64Array();
        return axes.Select(a => (int)(a < 0 ? a + X.Shape.Rank : a)).ToArray();
    }

    /// <summary>An axis from an attribute, counted from the front.</summary>
    public int Axis(int fallback)
    {
        long axis = Node.Attributes.Int("axis", fallback);
        return (int)(axis < 0 ? axis + X.Shape.Rank : axis);
    }

    /// <summary>An error that names the node that cannot be run backwards.</summary>
    public ModelException Fail(string reason) => Compose.Fail(
        DiagnosticCodes.FeatureUnsupported, $"{Node} cannot be differentiated: {reason}", "Export the training graph with its backward part as nodes.");
}
