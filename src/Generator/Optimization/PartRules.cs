using System.Collections.Generic;
using System.Linq;
using AotCompiler.Ir;
using AotCompiler.Operators;
using AotCompiler.Operators.Linear;
using AotCompiler.Operators.Movement;
using AotCompiler.Operators.Normalization;

namespace AotCompiler.Optimization;

/// <summary>Which parts of its inputs make a part of an operator's output.</summary>
internal static class PartRules
{
    /// <summary>The parts of a node's inputs that make a part of its first output, null for whole inputs; null if the whole node is needed for it.</summary>
    public static AxisPart?[]? InputParts(Node node, AxisPart part) => part.Within is not null ? null : node.Operator switch
    {
        ElementwiseOperator elementwise => OfFunction(node, elementwise.Operands(node), part),
        MatMul => OfProduct(node, part),
        Gemm => OfGemm(node, part),
        IntegerMatMul or PackedMatMul => part.Axis == node.Output.Shape.Rank - 1 ? null : First(node, part),
        Transpose => OfTranspose(node, part),
        IReshapingOperator => OfReshape(node, part),
        SoftmaxOperator => SoftmaxOperator.Axes(node).Any(axis => axis == part.Axis || axis == part.BatchAxis) ? null : First(node, part),
        LayerNormalization or RMSNormalization => OfNormalization(node, part),
        Concat => OfConcat(node, part),
        _ => null,
    };

    /// <summary>True if a part of the node's output takes fewer multiply-adds than all of it.</summary>
    public static bool IsProduct(Node node) => node.Operator is MatMul or Gemm or IntegerMatMul or PackedMatMul;

    private static AxisPart?[] First(Node node, AxisPart part) => node.Inputs.Select((_, i) => i == 0 ? part : null).ToArray();

    private static AxisPart?[] OfOperands(Node node, IReadOnlyList<Value> operands, AxisPart part) =>
        node.Inputs.Select(v => v is not null && operands.Contains(v) ? part.Broadcast(v.Shape, node.Output.Shape.Rank) : null).ToArray();

    /// <summary>Parameters of a function that has one for each element of some axis might belong to the part's.</summary>
    private static AxisPart?[]? OfFunction(Node node, IReadOnlyList<Value> operands, AxisPart part) =>
        node.Inputs.Any(v => v is not null && v.Shape.ElementCount > 1 && !operands.Contains(v)) ? null : OfOperands(node, operands, part);

    private static AxisPart?[]? OfProduct(Node node, AxisPart part)
    {
        int rank = node.Output.Shape.Rank;
        Value left = node.Required(0);
        Value right = node.Required(1);
        if (left.Shape.Rank < 2 || right.Shape.Rank < 2 || part.BatchAxis >= rank - 2)
        {
            return null;
        }

        if (part.Axis == rank - 1)
        {
            return part.BatchAxis < 0 && right.IsConstant ? new[] { null, part with { Axis = right.Shape.Rank - 1 } } : null;
        }

        if (part.Axis == rank - 2)
        {
            return part.Broadcast(left.Shape, rank) is { Within: null } rows ? First(node, rows) : null;
        }

        AxisPart?[] parts = OfOperands(node, new[] { left, right }, part);
        return parts.Any(static p => p is { Within: not null }) ? null : parts;
    }

    private static AxisPart?[]? OfGemm(Node node, AxisPart part)
    {
        bool columns = part.Axis == 1;
        if (part.BatchAxis >= 0 || (columns && !node.Required(1).IsConstant))
        {
            return null;
        }

        AxisPart ofOperand = columns
            ? part with { Axis = node.Attributes.Flag("transB", false) ? 0 : 1 }
            : part with { Axis = node.Attributes.Flag("transA", false) ? 1 : 0 };
        return node.Inputs.Select((input, i) => i == (columns ? 1 : 0) ? ofOperand
            : i == 2 && input is not null ? part.Broadcast(input.Shape, node.Output.Shape.Rank)
            : null).ToArray();
    }

    private static AxisPart?[] OfTranspose(Node node, AxisPart part)
    {
        IReadOnlyList<int> from = Transpose.Permutation(node);
        return First(node, part with { Axis = from[part.Axis], BatchAxis = part.BatchAxis < 0 ? -1 : from[part.BatchAxis] });
    }

    private static AxisPart?[]? OfReshape(Node node, AxisPart part)
    {
        Shape source = node.Required(0).Shape;
        Shape target = node.Output.Shape;
        AxisPart? from = SameAxis(target, part.Axis, source) is { } axis
            ? part.BatchAxis < 0 ? part with { Axis = axis }
                : SameAxis(target, part.BatchAxis, source) is { } batch ? part with { Axis = axis, BatchAxis = batch }
                : null
            : part.Selector switch
            {
                Neighbours neighbours => OfJoinedAxis(source, target, part, neighbours),
                IndexedRows rows => OfBatch(source, target, part, rows),
                _ => null,
            };
        return from is null ? null : First(node, from);
    }

    /// <summary>The axis of another shape that has the same elements before it, in it and behind it.</summary>
    private static int? SameAxis(Shape shape, int axis, Shape other)
    {
        Size before = Before(shape, axis);
        for (int i = 0; i < other.Rank; i++)
        {
            if (other.Extent(i) == shape.Extent(axis) && Before(other, i).Equals(before))
            {
                return i;
            }
        }

        return null;
    }

    /// <summary>Elements of an axis that is the outermost of several that were one: all elements within these.</summary>
    private static AxisPart? OfJoinedAxis(Shape source, Shape target, AxisPart part, Neighbours neighbours)
    {
        Size before = Before(target, part.Axis);
        for (int axis = 0; axis < source.Rank; axis++)
        {
            if (source.IsDynamicAt(axis) || !Before(source, axis).Equals(before))
            {
                continue;
            }

            int end = part.Axis;
            long product = 1;
            while (end < target.Rank && !target.IsDynamicAt(end) && product < source[axis])
            {
                product *= target[end++];
            }

            if (product == source[axis] && end > part.Axis)
            {
                int inner = (int)(product / target[part.Axis]);
                return part with { Axis = axis, Selector = new Neighbours(neighbours.Start * inner, neighbours.Length * inner) };
            }
        }

        return null;
    }

    /// <summary>Rows of all of a batch that are one of each.</summary>
    private static AxisPart? OfBatch(Shape source, Shape target, AxisPart part, IndexedRows rows)
    {
        Size before = Before(target, part.Axis);
        for (int axis = 0; axis + 1 < source.Rank; axis++)
        {
            Extent batch = source.Extent(axis);
            Extent length = source.Extent(axis + 1);
            bool joined = Before(source, axis).Equals(before) && (batch.Expression * length.Expression).Equals(target.Extent(part.Axis).Expression) && batch != 1;
            if (joined && RowNumbers.WithinBatch(rows.Indices, batch, length) is { } indices)
            {
                return new AxisPart(axis + 1, new RowOfEach(indices), axis);
            }
        }

        return null;
    }

    private static Size Before(Shape shape, int axis) => shape.Extents.Take(axis).Aggregate(Size.Of(1), static (product, e) => product * e.Expression);

    private static AxisPart?[]? OfNormalization(Node node, AxisPart part)
    {
        int rank = node.Output.Shape.Rank;
        Shape.TryNormalizeAxis(node.Attributes.Int("axis", -1), rank, out int axis);
        return part.Axis >= axis || part.BatchAxis >= axis ? null : node.Inputs.Select((v, i) => i == 0 ? part : v is null ? null : part.Broadcast(v.Shape, rank)).ToArray();
    }

    private static AxisPart?[]? OfConcat(Node node, AxisPart part)
    {
        Shape.TryNormalizeAxis(node.Attributes.Int("axis", 0), node.Output.Shape.Rank, out int axis);
        return axis == part.Axis || axis == part.BatchAxis ? null : node.Inputs.Select(_ => (AxisPart?)part).ToArray();
    }
}
