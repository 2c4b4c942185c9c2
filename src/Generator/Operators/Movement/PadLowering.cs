using System;
using System.Collections.Generic;
using System.Linq;
using AotCompiler.Diagnostics;
using AotCompiler.Ir;
using AotCompiler.Kernels;
using AotCompiler.Lowering;

namespace AotCompiler.Operators.Movement;

/// <summary>The padding of one axis whose numbers may be known only at run time; see <see cref="PadAxis"/>.</summary>
/// <param name="Axis">The axis.</param>
/// <param name="Start">First element of the input that is kept.</param>
/// <param name="Count">Elements that are kept.</param>
/// <param name="Before">Elements added in front.</param>
/// <param name="After">Elements added behind.</param>
internal sealed record RunTimePadAxis(int Axis, Size Start, Extent Count, Size Before, Extent After);

/// <summary>Pad where dimensions or pads are known only at run time: what is kept is copied to where it begins in this run, then the borders axis by axis.</summary>
internal static class PadLowering
{
    /// <summary>The axes of a node with expressions.</summary>
    /// <param name="node">The node.</param>
    /// <param name="graph">The graph.</param>
    /// <param name="axes">The axes at the sizes that the inputs have at the moment.</param>
    /// <exception cref="ModelException">Which axes are padded, or how far, depends on the sizes in a way that no expression gives.</exception>
    public static IReadOnlyList<RunTimePadAxis> Traced(Node node, Graph graph, Func<IReadOnlyList<PadAxis>> axes)
    {
        // An axis that is not padded at some size is padded by nothing there.
        int rank = node.Required(0).Shape.Rank;
        Size[] numbers = SizeTracing.Trace(node, graph, () =>
        {
            IReadOnlyList<PadAxis> present = axes();
            return Enumerable.Range(0, rank).SelectMany(a => present.Where(p => p.Axis == a)
                .DefaultIfEmpty(new PadAxis(a, 0, node.Required(0).Shape[a], 0, 0))
                .SelectMany(static p => new long[] { p.Start, p.Count, p.Before, p.After })).ToArray();
        });
        return Enumerable.Range(0, rank)
            .Select(a => new RunTimePadAxis(a, numbers[4 * a], Extent.Of(numbers[(4 * a) + 1]), numbers[(4 * a) + 2], Extent.OfLoop(numbers[(4 * a) + 3])))
            .ToArray();
    }

    /// <summary>Adds the steps.</summary>
    public static void Lower(Node node, IReadOnlyList<RunTimePadAxis> axes, string mode, TensorView output, LoweringContext context)
    {
        Value input = node.Required(0);
        TensorView source = output.Layout.IsBlocked ? context.ReadBlocked(input, Halo.None(input.Shape.Rank - 2)) : context.ReadPlain(input);
        if (output.Layout.IsBlocked && axes[1] is { Before.Constant: 0, After: { IsDynamic: false, Maximum: 0 } } is false)
        {
            throw new InvalidOperationException("channels of a blocked layout are padded");
        }

        Layout kept = axes.Aggregate(source.Layout, static (l, a) => l.Slice(a.Axis, 0, a.Count));
        Layout inside = axes.Aggregate(output.Layout, static (l, a) => l.Slice(a.Axis, 0, a.Count));
        Size from = Offset(source.Layout, axes, static a => a.Start);
        Size to = Offset(output.Layout, axes, static a => a.Before);
        context.Add(Copy(node, node.Name, source.With(kept), output.With(inside), from, to));
        for (int i = 0; i < axes.Count; i++)
        {
            // Axes before this one are complete, those behind it have only their inside.
            RunTimePadAxis[] later = axes.Skip(i + 1).ToArray();
            Layout region = later.Aggregate(output.Layout, static (l, a) => l.Slice(a.Axis, 0, a.Count));
            LowerBorders(node, axes[i], mode, output, region, Offset(output.Layout, later, static a => a.Before), context);
        }
    }

    private static void LowerBorders(Node node, RunTimePadAxis axis, string mode, TensorView output, Layout region, Size start, LoweringContext context)
    {
        long stride = output.Layout.Strides[axis.Axis];
        Size back = axis.Before + axis.Count.Expression;
        foreach ((bool before, Size at, Extent count) in new[] { (true, Size.Of(0), Extent.OfLoop(axis.Before)), (false, back, axis.After) })
        {
            string name = $"{node.Name} axis {axis.Axis} {(before ? "front" : "back")}";
            if (count == 0)
            {
                continue;
            }

            if (mode == "constant")
            {
                TensorView part = output.With(region.Slice(axis.Axis, 0, count));
                TensorView value = node.Input(2) is { } given
                    ? ConstantFill.Repeat(context.ReadPlain(given), part.Shape)
                    : ConstantFill.View(0, output.Type, part.Shape, context);
                context.Add(Copy(node, name, value, part, Size.Of(0), start + (at * Size.Of(stride))));
                continue;
            }

            (Size first, int step) = Source(node, axis, mode, before, count);
            Layout from = region.Slice(axis.Axis, 0, count, step);
            context.Add(Copy(
                node, name, output.With(from.Shifted(region.Offset - from.Offset)), output.With(region.Slice(axis.Axis, 0, count)), start + (first * Size.Of(stride)), start + (at * Size.Of(stride))));
        }
    }

    /// <summary>How many elements a border of some cells repeats.</summary>
    public static long Repeated(string mode, long border) => mode == "edge" ? 1 : mode == "wrap" ? border : border + 1;

    /// <summary>The output cell that the first cell of a border repeats, and the way from one to the next. A border is not longer than what it repeats.</summary>
    private static (Size First, int Step) Source(Node node, RunTimePadAxis axis, string mode, bool before, Extent count)
    {
        Size kept = axis.Count.Expression;
        long needed = Repeated(mode, count.Maximum);
        if (kept.LowerBound < needed)
        {
            throw LoweringContext.Fail(
                node,
                DiagnosticCodes.ShapeNotConstant,
                $"mode {mode} needs {needed} elements of axis {axis.Axis}, which may have as few as {Math.Max(0, kept.LowerBound)}",
                "Raise the least value of the dimension.");
        }

        Size back = axis.Before + kept;
        return (mode, before) switch
        {
            ("edge", true) => (axis.Before, 0),
            ("edge", false) => (back - Size.Of(1), 0),
            ("wrap", true) => (back - axis.Before, 1),
            ("wrap", false) => (axis.Before, 1),
            (_, true) => (axis.Before + axis.Before, -1),
            _ => (back - Size.Of(2), -1),
        };
    }

    private static Size Offset(Layout layout, IEnumerable<RunTimePadAxis> axes, Func<RunTimePadAxis, Size> number) =>
        axes.Aggregate(Size.Of(0), (sum, a) => number(a).Constant == 0 ? sum : sum + (number(a) * Size.Of(layout.Strides[a.Axis])));

    private static CopyStep Copy(Node node, string name, TensorView from, TensorView to, Size fromShift, Size toShift) =>
        new(node, name, from, to, fromShift.Constant == 0 ? null : fromShift, toShift.Constant == 0 ? null : toShift);
}
