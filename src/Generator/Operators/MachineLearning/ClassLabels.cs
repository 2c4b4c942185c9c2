using System.Linq;
using AotCompiler.Diagnostics;
using AotCompiler.Ir;

namespace AotCompiler.Operators.MachineLearning;

/// <summary>The labels of a classifier: integers or strings, one for each class.</summary>
internal sealed class ClassLabels
{
    private ClassLabels(Tensor labels) => Tensor = labels;

    /// <summary>The labels, i64 or string [classes].</summary>
    public Tensor Tensor { get; }

    public int Count => Tensor.Shape[0];

    /// <summary>Reads the attributes; strings win where both are given.</summary>
    /// <param name="node">The classifier.</param>
    /// <param name="integers">Name of the attribute with integer labels.</param>
    public static ClassLabels? TryOf(Node node, string integers)
    {
        string[] strings = node.Attributes.Strings("classlabels_strings") ?? System.Array.Empty<string>();
        long[] numbers = node.Attributes.Ints(integers) ?? System.Array.Empty<long>();
        return strings.Length > 0 ? new ClassLabels(Tensor.OfStrings(new Shape(strings.Length), strings))
            : numbers.Length > 0 ? new ClassLabels(Tensor.Vector(numbers))
            : null;
    }

    /// <summary>Reads the attributes, one of which must be there.</summary>
    public static ClassLabels Require(InferContext context, string integers) => TryOf(context.Node, integers)
        ?? throw context.Fail(DiagnosticCodes.GraphMalformed, $"it has neither classlabels_strings nor {integers}");

    /// <summary>The labels where there are two, else those that stand for false and true: 0 and 1.</summary>
    public ClassLabels Binary() => Count == 2 ? this
        : Tensor.Type == ElementType.String ? new ClassLabels(Tensor.OfStrings(new Shape(2), new[] { "0", "1" }))
        : new ClassLabels(Tensor.Vector(0, 1));

    /// <summary>Labels 0, 1, … as integers; strings stay.</summary>
    public ClassLabels Counting() => Tensor.Type == ElementType.String ? this
        : new ClassLabels(Tensor.Vector(Enumerable.Range(0, Count).Select(static i => (long)i).ToArray()));

    /// <summary>The label of each row: the first of the largest scores [rows, classes] wins.</summary>
    public Value OfLargest(Composer compose, Value scores)
    {
        Value index = compose.Op("ArgMax", new[] { scores }, ("axis", 1L), ("keepdims", 0L));
        return IsCounting() ? index : compose.Op("Gather", compose.Constant(Tensor, "labels"), index);
    }

    /// <summary>The label of each row from a condition [rows, 1]: label 1 where it holds, else label 0.</summary>
    public Value OfCondition(Composer compose, Value condition)
    {
        Value index = compose.Squeeze(compose.Cast(condition, ElementType.Int64), 1);
        return IsCounting() ? index : compose.Op("Gather", compose.Constant(Tensor, "labels"), index);
    }

    private bool IsCounting() => Tensor.Type == ElementType.Int64 && Tensor.ToInt64Array().Select(static (v, i) => v == i).All(static same => same);
}
