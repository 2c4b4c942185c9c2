using System.Collections.Generic;
using System.Linq;
using AotCompiler.Diagnostics;
using AotCompiler.Ir;

namespace AotCompiler.Operators.Composed;

/// <summary>Einsum: sums of products over labelled axes, as matrix products of two operands at a time.</summary>
/// <remarks>
/// Spec: https://onnx.ai/onnx/operators/onnx__Einsum.html. A label that an operand repeats is its diagonal. Labels are characters; those
/// that an ellipsis stands for get numbers of their own.
/// </remarks>
internal sealed class Einsum : ComposedOperator
{
    public Einsum()
        : base("Einsum")
    {
    }

    public override int Since => 12;

    public override (int Min, int Max) InputCount => (1, int.MaxValue);

    protected override bool HandlesRunTimeSize(Node node, int input, int axis) => true;

    protected override void Compose(Node node, Composer compose)
    {
        Value[] operands = node.Inputs.Select((_, i) => node.Required(i)).ToArray();
        EinsumEquation equation = EinsumEquation.Parse(compose, operands);
        Labelled result = Prepared(compose, operands[0], equation.Inputs[0]);
        for (int i = 0; i < operands.Length; i++)
        {
            HashSet<int> needed = new(equation.Output.Concat(equation.Inputs.Skip(i + 1).SelectMany(static l => l)));
            result = i == 0 ? SumOut(compose, result, needed) : Contract(compose, result, Prepared(compose, operands[i], equation.Inputs[i]), needed);
        }

        Value ordered = Ordered(compose, result, equation.Output.Where(result.Labels.Contains).ToArray()).Value;
        compose.Return(0, compose.Reshape(ordered, new Shape(equation.Output.Select(l => result.Labels.Contains(l) ? result.Extent(l) : 1))));
    }

    /// <summary>The operand with each label once: diagonals taken.</summary>
    private static Labelled Prepared(Composer compose, Value value, IReadOnlyList<int> labels)
    {
        List<int> left = labels.ToList();
        while (left.GroupBy(static l => l).FirstOrDefault(static g => g.Count() > 1) is { } repeated)
        {
            int first = left.IndexOf(repeated.Key);
            int second = left.IndexOf(repeated.Key, first + 1);
            compose.Check(value.Shape.Extent(first) == value.Shape.Extent(second), "a label stands for axes of different length");
            int[] order = Enumerable.Range(0, left.Count).Where(a => a != first && a != second).Concat(new[] { first, second }).ToArray();
            value = Diagonal(compose, compose.Transpose(value, order));
            left.RemoveAt(second);
            left.RemoveAt(first);
            left.Add(repeated.Key);
        }

        return new Labelled(value, left);
    }

    /// <summary>The diagonal of the two last axes, which have the same length.</summary>
    private static Value Diagonal(Composer compose, Value value)
    {
        int rank = value.Shape.Rank;
        Extent length = value.Shape.Extent(rank - 1);
        IEnumerable<Extent> rest = value.Shape.Extents.Take(rank - 2);
        if (length.IsDynamic)
        {
            Value column = compose.Expand(compose.Unsqueeze(compose.Positions(value, rank - 1), 1), new Shape(rest.Append(length).Append(1)));
            return compose.Squeeze(compose.GatherElements(value, column, rank - 1), rank - 1);
        }

        long squared = (long)length.Maximum * length.Maximum;
        Value flat = compose.Reshape(value, new Shape(rest.Append(checked((int)squared))));
        return length == 0 ? flat : compose.Slice(flat, rank - 2, 0, squared, length.Maximum + 1);
    }

    /// <summary>Sums over the labels that nothing needs.</summary>
    private static Labelled SumOut(Composer compose, Labelled operand, HashSet<int> needed)
    {
        long[] axes = Enumerable.Range(0, operand.Labels.Count).Where(i => !needed.Contains(operand.Labels[i])).Select(static i => (long)i).ToArray();
        return axes.Length == 0
            ? operand
            : new Labelled(compose.Reduce("ReduceSum", operand.Value, keep: false, axes), operand.Labels.Where(needed.Contains).ToArray());
    }

    private static Labelled Contract(Composer compose, Labelled left, Labelled right, HashSet<int> needed)
    {
        left = SumOut(compose, left, new HashSet<int>(needed.Concat(right.Labels)));
        right = SumOut(compose, right, new HashSet<int>(needed.Concat(left.Labels)));
        int[] shared = left.Labels.Where(right.Labels.Contains).ToArray();
        int[] batch = shared.Where(needed.Contains).ToArray();
        int[] summed = shared.Where(l => !needed.Contains(l)).ToArray();
        int[] rows = left.Labels.Where(l => !shared.Contains(l)).ToArray();
        int[] columns = right.Labels.Where(l => !shared.Contains(l)).ToArray();

        // An axis of length 1 stands for any length.
        Extent Extent(int label) => !left.Labels.Contains(label) || (right.Labels.Contains(label) && left.Extent(label) == 1) ? right.Extent(label) : left.Extent(label);
        left = Stretched(compose, left, shared, Extent);
        right = Stretched(compose, right, shared, Extent);
        Extent Size(IEnumerable<int> labels) => labels.Aggregate((Extent)1, (product, l) => product * Extent(l));
        Value a = compose.Reshape(Ordered(compose, left, batch.Concat(rows).Concat(summed).ToArray()).Value, new Shape(new[] { Size(batch), Size(rows), Size(summed) }));
        Value b = compose.Reshape(Ordered(compose, right, batch.Concat(summed).Concat(columns).ToArray()).Value, new Shape(new[] { Size(batch), Size(summed), Size(columns) }));
        int[] labels = batch.Concat(rows).Concat(columns).ToArray();
        Value product = summed.Length == 0 ? compose.Mul(a, compose.Reshape(b, new Shape(new[] { Size(batch), 1, Size(columns) }))) : compose.MatMul(a, b);
        return new Labelled(compose.Reshape(product, new Shape(labels.Select(Extent))), labels);
    }

    private static Labelled Stretched(Composer compose, Labelled operand, int[] shared, System.Func<int, Extent> extent)
    {
        var target = new Shape(operand.Labels.Select((l, i) => shared.Contains(l) ? extent(l) : operand.Value.Shape.Extent(i)));
        return operand with { Value = compose.Expand(operand.Value, target) };
    }

    private static Labelled Ordered(Composer compose, Labelled operand, int[] labels)
    {
        int[] order = labels.Select(l => operand.Labels.ToList().IndexOf(l)).ToArray();
        return order.SequenceEqual(Enumerable.Range(0, order.Length)) ? operand : new Labelled(compose.Transpose(operand.Value, order), labels);
    }

    /// <summary>A tensor with a label for each axis.</summary>
    private sealed record Labelled(Value Value, IReadOnlyList<int> Labels)
    {
        public Extent Extent(int label) => Value.Shape.Extent(Labels.ToList().IndexOf(label));
    }
}
