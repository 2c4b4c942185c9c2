using System;
using System.Collections.Generic;
using System.Linq;
using System.Runtime.InteropServices;
using AotCompiler.Ir;
using AotCompiler.Kernels;
using AotCompiler.Lowering;

namespace AotCompiler.Operators.Movement;

/// <summary>One axis to resample.</summary>
/// <param name="Axis">The table at the greatest sizes.</param>
/// <param name="AtRunTime">How the table is made at other sizes; null if it is a beginning of this one.</param>
internal sealed record ResizePass(AxisResampling Axis, ResampleRule? AtRunTime);

/// <summary>Lowers resampling: one strided copy where pixels are only repeated, else one pass over memory for each axis.</summary>
internal static class ResizeLowering
{
    /// <summary>Makes the node's output from its input 0.</summary>
    public static void Lower(Node node, IReadOnlyList<ResizePass> passes, float extrapolation, LoweringContext context)
    {
        Value input = node.Required(0);
        if (TryRepeat(node, passes, context))
        {
            return;
        }

        TensorView target = context.Allocate(node.Output);
        if (node.Output.Shape.ElementCount == 0)
        {
            return;
        }

        TensorView source = target.Layout.IsBlocked ? context.ReadBlocked(input, Halo.None(input.Shape.Rank - 2)) : context.ReadPlain(input);
        AxisResampling[] axes = passes.Select(static p => p.Axis).ToArray();
        if (OnlyRepeats(node, passes))
        {
            LowerRepeats(node, axes, source, target, context);
            return;
        }

        for (int i = 0; i < axes.Length; i++)
        {
            TensorView result = i == axes.Length - 1 ? target : Intermediate(node, source, axes[i], i, context);
            if (passes[i].AtRunTime is { } rule)
            {
                LowerAtRunTime(node, axes[i].Axis, rule, rule.Crop is null ? null : extrapolation, source, result, context);
            }
            else
            {
                LowerAxis(node, axes[i], extrapolation, source, result, context);
            }

            source = result;
        }
    }

    private static bool OnlyRepeats(Node node, IReadOnlyList<ResizePass> passes) => passes.All(p => p.AtRunTime is null
        && p.Axis.Repeat is { } repeat
        && node.Output.Shape.Extent(p.Axis.Axis) == node.Required(0).Shape.Extent(p.Axis.Axis) * repeat);

    /// <summary>Leaves the output without memory if it repeats pixels for element-wise work alone, which reads them where they are.</summary>
    private static bool TryRepeat(Node node, IReadOnlyList<ResizePass> passes, LoweringContext context)
    {
        Value output = node.Output;
        if (output.Shape is not { Rank: 4, IsDynamic: false }
            || output.Shape.ElementCount == 0
            || output.Uses.Count == 0
            || context.IsDirect(node)
            || context.IsNarrow
            || context.IsPlaced(output)
            || context.Graph.IsOutput(output)
            || context.Bytes.ZeroOf(output) is not null
            || !context.Layouts.IsBlocked(output)
            || !OnlyRepeats(node, passes)
            || !output.Uses.All(u => ElementwiseOperands.CanRepeat(u.Node, output, context.Layouts)))
        {
            return false;
        }

        TensorView source = context.ReadBlocked(node.Required(0), Halo.None(2));
        context.Repeat(output, new RepeatedPixels(source, passes.ToDictionary(static p => p.Axis.Axis, static p => p.Axis.Repeat!.Value)));
        return true;
    }

    private static void LowerRepeats(Node node, IReadOnlyList<AxisResampling> axes, TensorView source, TensorView target, LoweringContext context)
    {
        Layout from = source.Layout;
        Layout to = target.Layout;
        foreach (AxisResampling axis in axes.OrderByDescending(static a => a.Axis))
        {
            to = to.SplitAxis(axis.Axis, axis.Repeat!.Value);
            from = from.InsertAxis(axis.Axis + 1, axis.Repeat!.Value);
        }

        context.Add(new CopyStep(node, node.Name, source.With(from), target.With(to)));
    }

    private static void LowerAxis(Node node, AxisResampling axis, float extrapolation, TensorView source, TensorView target, LoweringContext context)
    {
        TensorView Part(int start, int end) => target.Shape.IsDynamicAt(axis.Axis) ? target : target.With(target.Layout.Slice(axis.Axis, start, end - start));
        foreach ((int start, int end) in new[] { (0, axis.First), (axis.End, axis.OutputLength) })
        {
            if (end > start)
            {
                TensorView value = ConstantFill.View(extrapolation, source.Type, Part(start, end).Shape, context);
                context.Add(new CopyStep(node, $"{node.Name} outside {start}", value, Part(start, end)));
            }
        }

        if (axis.End == axis.First)
        {
            return;
        }

        long stride = source.Layout.Strides[axis.Axis];
        TensorView part = Part(axis.First, axis.End);
        TensorView offsets = context.Weight(Table(axis, ElementType.Int32, i => checked((int)(axis.Indices[i] * stride))), $"{node.Name}.offsets{axis.Axis}");
        bool alongRows = axis.Weights is not null && ResampleRowsStep.Applies(source, part, axis.Axis, axis.Taps);
        TensorView? weights = axis.Weights is { } factors ? context.Weight(Factors(axis, factors, source.Type, alongRows), $"{node.Name}.weights{axis.Axis}") : null;
        string name = $"{node.Name} axis {axis.Axis}";
        context.Add(alongRows
            ? new ResampleRowsStep(node, name, axis.Axis, axis.Taps, source, offsets, weights!, part, axis.End - axis.First, count: null, extrapolation: null)
            : new ResampleStep(node, name, axis.Axis, axis.Taps, source, offsets, weights, part));
    }

    /// <summary>The factors of all output elements that are not extrapolated, those of one beside each other, or those of all for one tap.</summary>
    private static Tensor Factors(AxisResampling axis, double[] factors, ElementType type, bool byTap)
    {
        int count = axis.End - axis.First;
        int start = axis.First * axis.Taps;
        double Factor(int i) => factors[byTap ? start + (i % count * axis.Taps) + (i / count) : start + i];
        return type == ElementType.Float64 ? Table(axis, type, i => Factor(i - start)) : Table(axis, ElementType.Float32, i => (float)Factor(i - start));
    }

    /// <summary>A number per output element that is not extrapolated, and tap.</summary>
    private static Tensor Table<T>(AxisResampling axis, ElementType type, Func<int, T> number)
        where T : unmanaged
    {
        var shape = new Shape(axis.End - axis.First, axis.Taps);
        var bytes = new byte[checked((int)(shape.ElementCount * type.Size()))];
        Span<T> numbers = MemoryMarshal.Cast<byte, T>(bytes.AsSpan());
        for (int i = 0; i < numbers.Length; i++)
        {
            numbers[i] = number((axis.First * axis.Taps) + i);
        }

        return Tensor.FromBytes(type, shape, bytes, "constant");
    }

    private static void LowerAtRunTime(Node node, int axis, ResampleRule rule, float? extrapolation, TensorView source, TensorView target, LoweringContext context)
    {
        Extent input = source.Shape.Extent(axis);
        Extent output = target.Shape.Extent(axis);
        var shape = new Shape(checked((int)rule.TableLength(input, output)));
        TensorView offsets = context.Scratch($"{node.Name}.offsets{axis}", ElementType.Int32, shape);
        TensorView? weights = rule.Taps == 1 ? null : context.Scratch($"{node.Name}.weights{axis}", source.Type, shape);
        TensorView? count = rule.CountsTaps ? context.Scratch($"{node.Name}.taps{axis}", ElementType.Int32, new Shape(1)) : null;
        bool alongRows = weights is not null && ResampleRowsStep.Applies(source, target, axis, rule.Taps);
        context.Add(new ResampleTableStep(node, $"{node.Name} table {axis}", rule, input, output, source.Layout.Strides[axis], offsets, weights, count, alongRows));
        string name = $"{node.Name} axis {axis}";
        context.Add(alongRows
            ? new ResampleRowsStep(node, name, axis, rule.Taps, source, offsets, weights!, target, output, count, extrapolation)
            : new ResampleStep(node, name, axis, rule.Taps, source, offsets, weights, target, count, extrapolation));
    }

    private static TensorView Intermediate(Node node, TensorView source, AxisResampling axis, int number, LoweringContext context)
    {
        Shape shape = source.Shape.With(axis.Axis, node.Output.Shape.Extent(axis.Axis));
        if (!source.Layout.IsBlocked)
        {
            return context.Scratch($"{node.Name}.pass{number}", source.Type, shape);
        }

        Layout layout = context.Blocked(shape, Halo.None(shape.Rank - 2));
        return context.Scratch($"{node.Name}.pass{number}", source.Type, new Shape((int)layout.Extent)).With(layout);
    }
}
