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
        compose.Return(0, compose.Reshape(ordered, equation.Output.Select(l => result.Labels.Contains(l) ? result.Extent(l) : 1L).ToArray()));
    }

    /// <summary>The operand with each label once: diagonals taken.</summary>
    private static Labelled Prepared(Composer compose, Value value, IReadOnlyList<int> labels)
    {
        List<int> left = labels.ToList();
        while (left.GroupBy(static l => l).FirstOrDefault(static g => g.Count() > 1) is { } repeated)
        {
            int first = left.IndexOf(repeated.Key);
            int second = left.IndexOf(repeated.Key, first + 1);
            int extent = value.Shape[first];
            compose.Check(extent == value.Shape[second], "a label stands for axes of different length");
            int[] order = Enumerable.Range(0, left.Count).Where(a => a != first && a != second).Concat(new[] { first, second }).ToArray();
            Value moved = compose.Transpose(value, order);
            long[] rest = moved.Shape.Dimensions.Take(left.Count - 2).Select(static d => (long)d).ToArray();
            Value flat = compose.Reshape(moved, rest.Append((long)extent * extent).ToArray());
            value = extent == 0 ? compose.Reshape(flat, rest.Append(0).ToArray()) : compose.Slice(flat, rest.Length, 0, (long)extent * extent, extent + 1);
            left.RemoveAt(second);
            left.RemoveAt(first);
            left.Add(repeated.Key);
        }

        return new Labelled(value, left);
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
        long Extent(int label) => System.Math.Max(left.Labels.Contains(label) ? left.Extent(label) : 1, right.Labels.Contains(label) ? right.Extent(label) : 1);
        left = Stretched(compose, left, shared, Extent);
        right = Stretched(compose, right, shared, Extent);
        long Size(IEnumerable<int> labels) => labels.Aggregate(1L, (product, l) => product * Extent(l));
        Value a = compose.Reshape(Ordered(compose, left, batch.Concat(rows).Concat(summed).ToArray()).Value, Size(batch), Size(rows), Size(summed));
        Value b = compose.Reshape(Ordered(compose, right, batch.Concat(summed).Concat(columns).ToArray()).Value, Size(batch), Size(summed), Size(columns));
        int[] labels = batch.Concat(rows).Concat(columns).ToArray();
        Value product = summed.Length == 0 ? compose.Mul(a, compose.Reshape(b, Size(batch), 1, Size(columns))) : compose.MatMul(a, b);
        return new Labelled(compose.Reshape(product, labels.Select(Extent).ToArray()), labels);
    }

    private static Labelled Stretched(Composer compose, Labelled operand, int[] shared, System.Func<int, long> extent)
    {
        long[] target = operand.Labels.Select((l, i) => shared.Contains(l) ? extent(l) : operand.Value.Shape[i]).ToArray();
        return target.SequenceEqual(operand.Value.Shape.Dimensions.Select(static d => (long)d)) ? operand : operand with { Value = compose.Expand(operand.Value, target) };
    }

    private static Labelled Ordered(Composer compose, Labelled operand, int[] labels)
    {
        int[] order = labels.Select(l => operand.Labels.ToList().IndexOf(l)).ToArray();
        return order.SequenceEqual(Enumerable.Range(0, order.Length)) ? operand : new Labelled(compose.Transpose(operand.Value, order), labels);
    }

    /// <summary>A tensor with a label for each axis.</summary>
    private sealed record Labelled(Value Value, IReadOnlyList<int> Labels)
    {
        public long Extent(int label) => Value.Shape[Labels.ToList().IndexOf(label)];
    }
}
