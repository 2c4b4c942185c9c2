using System;
using System.Collections.Generic;
using System.Linq;
using AotCompiler.Ir;
using AotCompiler.Kernels;
using AotCompiler.Lowering;

namespace AotCompiler.Operators.Movement;

/// <summary>The elements Start, Start + Step, … of one axis.</summary>
/// <param name="Axis">Axis, 0..rank-1.</param>
/// <param name="Start">First element.</param>
/// <param name="Count">Number of elements.</param>
/// <param name="Step">Distance; negative reverses.</param>
internal readonly record struct AxisSlice(int Axis, int Start, int Count, int Step)
{
    /// <summary>The first element if it is known only at run time.</summary>
    public Size? StartSize { get; init; }

    /// <summary>The number of elements if it is known only at run time.</summary>
    public Size? CountSize { get; init; }

    /// <summary>The number of elements with its expression.</summary>
    public Extent Extent => new(Count, CountSize);

    /// <summary>Resolves ONNX's start, end and step on an axis of a length: negative positions count from the end, all are clamped.</summary>
    public static AxisSlice Resolve(int axis, int length, long start, long end, long step)
    {
        // A step as long as the axis takes one element, whatever it is.
        int distance = (int)Math.Max(-(long)int.MaxValue, Math.Min(int.MaxValue, step));
        long from = start < 0 ? start + length : start;
        long to = end < 0 ? end + length : end;
        long count;
        if (distance > 0)
        {
            from = Math.Max(0, Math.Min(length, from));
            to = Math.Max(0, Math.Min(length, to));
            count = ((to - from) + distance - 1) / distance;
        }
        else
        {
            from = Math.Max(-1, Math.Min(length - 1, from));
            to = Math.Max(-1, Math.Min(length - 1, to));
            count = ((from - to) - distance - 1) / -(long)distance;
        }

        return count <= 0 ? new AxisSlice(axis, 0, 0, 1) : new AxisSlice(axis, (int)from, (int)count, count == 1 ? 1 : distance);
    }

    /// <summary>The slices applied to a constant.</summary>
    public static Tensor Evaluate(Tensor source, Shape shape, IEnumerable<AxisSlice> slices)
    {
        long[] strides = source.Shape.RowMajorStrides();
        long offset = 0;
        foreach (AxisSlice slice in slices)
        {
            offset += slice.Start * strides[slice.Axis];
            strides[slice.Axis] *= slice.Step;
        }

        return ElementMovement.Strided(source, shape, strides, offset);
    }

    /// <summary>True if the slice of a blocked value is a blocked value again: whole blocks of channels, pixels side by side.</summary>
    public bool KeepsBlocks => Axis != 1 || (StartSize is null && Start % Layout.BlockSize == 0 && (Step == 1 || Count == 1));

    /// <summary>Applies the slice to a layout.</summary>
    public Layout Apply(Layout layout) => layout.Slice(Axis, StartSize is null ? Start : 0, Extent, Extent == 1 ? 1 : Step);

    /// <summary>Applies slices of several axes.</summary>
    public static Layout Apply(IEnumerable<AxisSlice> slices, Layout layout) => slices.Aggregate(layout, static (l, slice) => slice.Apply(l));

    /// <summary>Makes an output the slices of an input: a view where consumers can read it as it lies, else one copy.</summary>
    public static void Lower(Node node, Value input, Value output, IReadOnlyList<AxisSlice> slices, LoweringContext context)
    {
        TensorView source = context.Read(input);
        if (output.Shape.ElementCount == 0)
        {
            context.Allocate(output);
            return;
        }

        if (source.Layout.IsBlocked && !slices.All(static s => s.KeepsBlocks))
        {
            source = context.ReadPlain(input);
        }

        TensorView part = source.With(Apply(slices, source.Layout));

        if (slices.Any(static s => s.StartSize is not null))
        {
            source = context.ReadPlain(input);
            Layout layout = source.Layout;
            Size shift = slices.Aggregate(Size.Of(0), (sum, s) => s.StartSize is { } start ? sum + (start * Size.Of(layout.Strides[s.Axis])) : sum);
            part = source.With(Apply(slices, layout));
            context.Add(new CopyStep(node, node.Name, part, context.Allocate(output), sourceShift: shift));
            return;
        }

        // Kernels of blocked values take pixels of a row to be neighbours.
        bool readable = !source.Layout.IsBlocked || (context.Layouts.IsBlocked(output) && slices.All(static s => s.Axis < 2 || s.Step == 1));
        if (readable)
        {
            context.Alias(output, part);
        }
        else
        {
            context.Add(new CopyStep(node, node.Name, part, context.Allocate(output)));
        }
    }
}
