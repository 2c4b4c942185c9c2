using System;
using System.Linq;
using AotCompiler.Ir;
using AotCompiler.Operators;
using AotCompiler.Operators.Movement;

namespace AotCompiler.Optimization;

/// <summary>Which elements of an axis a part consists of.</summary>
internal abstract record AxisSelector
{
    /// <summary>How many.</summary>
    public abstract Extent Count { get; }
}

/// <summary>Neighbours that are known beforehand.</summary>
/// <param name="Start">The first; of an axis whose length is known only at run time it may be counted from the end, −1 the last.</param>
/// <param name="Length">How many.</param>
internal sealed record Neighbours(int Start, int Length) : AxisSelector
{
    public override Extent Count => Length;
}

/// <summary>Elements whose indices are data.</summary>
/// <param name="Indices">The indices, of any shape: their order is that of the part.</param>
internal sealed record IndexedRows(Value Indices) : AxisSelector
{
    public override Extent Count => Extent.Of(Indices.Shape.ElementSize);
}

/// <summary>One element for each of a batch.</summary>
/// <param name="Indices">Index of each.</param>
internal sealed record RowOfEach(Value Indices) : AxisSelector
{
    public override Extent Count => 1;
}

/// <summary>A part of one axis of a value.</summary>
/// <param name="Axis">The axis.</param>
/// <param name="Selector">Its elements.</param>
/// <param name="BatchAxis">For <see cref="RowOfEach"/> the axis of the batch; −1 for others, and for an operand that is the same for the whole batch.</param>
/// <param name="Within">For such an operand where the batch goes, since its part is no longer the same for all.</param>
internal sealed record AxisPart(int Axis, AxisSelector Selector, int BatchAxis = -1, AxisPart? Within = null)
{
    /// <summary>Nothing is won by less than taking half of an axis where the elements are looked up.</summary>
    private const int LeastRatio = 2;

    /// <summary>The part that a node takes of its input 0; null if it does anything else.</summary>
    public static AxisPart? TakenBy(Node node) => node.Output.Shape.ElementCount == 0 || node.Epilogue is not null ? null
        : node.Is("Slice") ? OfSlice(node)
        : node.Is("Gather") ? OfGather(node)
        : node.Is("GatherND") ? OfTuples(node)
        : null;

    /// <summary>A shape with so many elements along the axis.</summary>
    public Shape Of(Shape shape) => shape.With(Axis, Selector.Count);

    /// <summary>The part of an operand that broadcasts to a rank; null if it has one element for all along the axis.</summary>
    public AxisPart? Broadcast(Shape operand, int rank)
    {
        int shift = rank - operand.Rank;
        int axis = Axis - shift;
        if (axis < 0 || operand.Extent(axis) == 1)
        {
            return null;
        }

        int batch = BatchAxis - shift;
        return BatchAxis < 0 ? this with { Axis = axis }
            : batch < 0 || operand.Extent(batch) == 1 ? new AxisPart(axis, Selector, -1, this)
            : this with { Axis = axis, BatchAxis = batch };
    }

    /// <summary>True if a few views and look-ups take the part of any value of the shape.</summary>
    public bool IsTakenFrom(Shape shape) => Selector is not RowOfEach || (Within is null
        ? shape.Product(0, BatchAxis) == 1 && shape.Product(BatchAxis + 1, Axis) == 1
        : shape.Product(0, Axis) == 1);

    /// <summary>Takes the part of a value for which <see cref="IsTakenFrom"/> holds.</summary>
    public Value TakeFrom(Value value, GraphRewriter rewriter)
    {
        string name = value.Name;
        Value Row(Value indices, params Extent[] shape) => rewriter.Reshape(indices, new Shape(shape), $"{name}.indices");
        switch (Selector)
        {
            case IndexedRows rows:
                return rewriter.Insert("Gather", name, new[] { value, Row(rows.Indices, rows.Count) }, ("axis", (long)Axis));
            case RowOfEach rows when Within is null:
                Extent batch = value.Shape.Extent(BatchAxis);
                var flat = new Shape(new[] { batch, value.Shape.Extent(Axis) }.Concat(value.Shape.Extents.Skip(Axis + 1)));
                Value taken = rewriter.Insert("GatherND", name, new[] { rewriter.Reshape(value, flat, name), Row(rows.Indices, batch, 1) }, ("batch_dims", 1L));
                return rewriter.Reshape(taken, Of(value.Shape), name);
            case RowOfEach rows:
                Value each = rewriter.Insert("Gather", name, new[] { value, rows.Indices }, ("axis", (long)Axis));
                return rewriter.Reshape(each, Spread(value.Shape, rows), name);
            case Neighbours part:
                return part.Start < 0 && part.Start + part.Length == 0
                    ? GraphRewriter.Fold(rewriter.Insert("Slice", name, new[] { (long)part.Start, long.MaxValue, Axis }.Select(n => rewriter.Constant(Tensor.Vector(n), $"{name}.ints")).Prepend(value)))
                    : GraphRewriter.Fold(rewriter.Slice(value, Axis, part.Start, part.Length, name));
            default:
                throw new InvalidOperationException("no such selector");
        }
    }

    /// <summary>The rows of an operand that was the same for the whole batch, as they broadcast to the value that it is an operand of.</summary>
    private Shape Spread(Shape operand, RowOfEach rows)
    {
        Extent[] shape = Enumerable.Repeat((Extent)1, Within!.Axis + 1).Concat(operand.Extents.Skip(Axis + 1)).ToArray();
        shape[Within.BatchAxis] = rows.Indices.Shape.Extent(0);
        return new Shape(shape);
    }

    private static AxisPart? OfSlice(Node node)
    {
        if (node.Inputs.Skip(1).Any(static v => v is { Constant: null }))
        {
            return null;
        }

        Shape shape = node.Required(0).Shape;
        AxisSlice[] slices = Slice.Slices(node).Where(s => node.Output.Shape.Extent(s.Axis) != shape.Extent(s.Axis) || s.Step != 1).ToArray();
        if (slices.Length != 1 || slices[0].Step != 1 || node.Output.Shape.IsDynamicAt(slices[0].Axis))
        {
            return null;
        }

        AxisSlice only = slices[0];
        int place = node.Input(3) is { } axes
            ? Array.FindIndex(axes.Constant!.ToInt64Array(), a => Shape.TryNormalizeAxis(a, shape.Rank, out int axis) && axis == only.Axis)
            : only.Axis;
        long start = node.Required(1).Constant!.ToInt64Array()[place];
        return OfNeighbours(shape, only.Axis, only.Start, start, only.Count);
    }

    private static AxisPart? OfGather(Node node)
    {
        Shape shape = node.Required(0).Shape;
        Value indices = node.Required(1);
        int axis = IndexInputs.AxisOf(node);
        if (indices.Constant is not { } constant)
        {
            return IsWorthLookingUp(indices.Shape, shape[axis]) ? new AxisPart(axis, new IndexedRows(indices)) : null;
        }

        long[] numbers = constant.Shape.ElementCount < shape[axis] ? constant.ToInt64Array() : Array.Empty<long>();
        bool neighbours = numbers.Length > 0 && (numbers[0] < 0) == (numbers[numbers.Length - 1] < 0) && numbers.Select((index, i) => index == numbers[0] + i).All(static next => next);
        return neighbours ? OfNeighbours(shape, axis, IndexInputs.Normalize(numbers[0], shape[axis]), numbers[0], numbers.Length) : null;
    }

    /// <summary>Neighbours that are there whatever the length of the axis is.</summary>
    private static AxisPart? OfNeighbours(Shape shape, int axis, int start, long written, int count)
    {
        if (shape.Extent(axis).Size is not { } size)
        {
            return new AxisPart(axis, new Neighbours(start, count));
        }

        // A count that a step finds may be 0, although inference takes it for 1 at least.
        bool isThere = size.Variables.All(static v => !v.IsComputed) && (written < 0 ? -written : written + count) <= size.LowerBound && count < size.Maximum;
        return isThere ? new AxisPart(axis, new Neighbours((int)written, count)) : null;
    }

    /// <summary>One row of each of a batch: tuples of one number with the batch as dimension, or of the number in the batch and another one.</summary>
    private static AxisPart? OfTuples(Node node)
    {
        Value tuples = node.Required(1);
        Shape shape = node.Required(0).Shape;
        bool isBatched = node.Attributes.Int("batch_dims", 0) == 1;
        Value? indices = tuples.Shape.Rank != 2 || shape.Rank < 2 || tuples.Constant is not null || tuples.Shape.Extent(0) != shape.Extent(0) || shape[1] < LeastRatio ? null
            : isBatched && tuples.Shape[1] == 1 ? tuples
            : !isBatched && tuples.Shape[1] == 2 ? RowNumbers.BesideCount(tuples)
            : null;
        return indices is null ? null
            : shape.Extent(0) == 1 ? new AxisPart(1, new IndexedRows(indices))
            : new AxisPart(1, new RowOfEach(indices), 0);
    }

    /// <summary>True for few indices, as many as are known before the run: what is computed of the part has as many rows, and kernels of fixed sizes are the faster ones.</summary>
    private static bool IsWorthLookingUp(Shape indices, long length) =>
        LeastRatio * indices.ElementCount <= length && indices.Extents.All(static e => e.Size is null || e.Size.Variables.All(static v => !v.IsComputed));
}
