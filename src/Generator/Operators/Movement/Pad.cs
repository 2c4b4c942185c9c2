using System;
using System.Collections.Generic;
using System.Linq;
using AotCompiler.Diagnostics;
using AotCompiler.Ir;
using AotCompiler.Kernels;
using AotCompiler.Lowering;

namespace AotCompiler.Operators.Movement;

/// <summary>Pad: adds elements around a tensor, or cuts some off. The input is copied into the output, whose borders are then filled from itself.</summary>
/// <remarks>
/// Spec: https://onnx.ai/onnx/operators/onnx__Pad.html · Types: all · Opsets: 1 named the pads paddings; 11 made pads and value inputs;
/// 18 added axes; 19 added wrap. Negative pads are applied first.
/// </remarks>
internal sealed class Pad : Operator
{
    public Pad()
        : base("Pad")
    {
    }

    public override (int Min, int Max) InputCount => (2, 4);

    public override void Upgrade(UpgradeContext context)
    {
        if (context.Attributes.Raw("paddings") is { } old)
        {
            context.Attributes.Set("pads", old).Remove("paddings");
        }

        context.AttributeToInput("pads", 1);
        if (context.Opset < 11 && context.Attributes.Float("value", 0) is var value && value != 0)
        {
            ElementType type = context.Node.Required(0).Type;
            var bytes = new byte[type.Size()];
            ElementEvaluation.Write(bytes, type, 0, value);
            context.SetInput(2, Tensor.FromBytes(type, Shape.Scalar, bytes, "value"), "value");
        }
    }

    public override void Infer(InferContext context)
    {
        string mode = Mode(context.Node);
        if (mode is not ("constant" or "reflect" or "edge" or "wrap"))
        {
            throw context.Fail(DiagnosticCodes.FeatureUnsupported, $"attribute 'mode' is \"{mode}\"; supported: constant, reflect, edge, wrap");
        }

        if (context.Has(2))
        {
            context.RequireSameType(0, 2);
            if (context.Shape(2).ElementCount != 1)
            {
                throw context.Fail(DiagnosticCodes.ShapeMismatch, "the value must have one element");
            }
        }

        Shape shape = context.Shape(0);
        int count = context.Has(3) ? context.Axes(context.RequireInts(3, "axes"), shape.Rank).Length : shape.Rank;
        long[] pads = context.RequireInts(1, "pads");
        if (pads.Length != 2 * count)
        {
            throw context.Fail(DiagnosticCodes.ShapeMismatch, $"{2 * count} pads are required, there are {pads.Length}");
        }

        if (pads.Any(static p => p < -int.MaxValue || p > int.MaxValue))
        {
            throw context.Fail(DiagnosticCodes.ShapeMismatch, "a pad is out of range");
        }

        long[] sizes = shape.Dimensions.Select(static d => (long)d).ToArray();
        int[] axes = AxesOf(context.Node);
        for (int i = 0; i < count; i++)
        {
            sizes[axes[i]] += pads[i] + pads[count + i];
        }

        Shape result = context.MakeShape(sizes);
        if (mode != "constant" && Axes(context.Node).FirstOrDefault(static a => a.Count <= 0 && a.Length > 0) is { Length: > 0 } empty)
        {
            throw context.Fail(DiagnosticCodes.ShapeMismatch, $"axis {empty.Axis} is empty, mode {mode} has nothing to repeat");
        }

        context.SetOutput(0, context.Type(0), result);
    }

    /// <summary>The lengths with what is added before and behind.</summary>
    public override IEnumerable<Size> LikelySizes(Node node)
    {
        Shape shape = node.Required(0).Shape;
        return node.Required(1).Sizes?.Elements is { } pads && node.Input(3) is null && pads.Count == 2 * shape.Rank
            ? Enumerable.Range(0, shape.Rank).Select(axis => shape.Extent(axis).Expression + pads[axis] + pads[axis + shape.Rank])
            : Array.Empty<Size>();
    }

    public override IReadOnlyList<Tensor> Evaluate(Node node, IReadOnlyList<Tensor?> inputs)
    {
        Tensor result = inputs[0]!;
        ElementType type = result.Type;
        byte[] value = inputs.Count > 2 && inputs[2] is { } given ? given.Bytes.ToArray() : new byte[type.Size()];
        string mode = Mode(node);
        foreach (PadAxis axis in Axes(node))
        {
            result = Evaluate(result, axis, mode, value);
        }

        return new[] { result };
    }

    public override bool Simplify(Node node, GraphRewriter rewriter)
    {
        bool nothing = node.Required(1).IsConstant && Axes(node).All(static a => a.Before == 0 && a.After == 0) && node.Output.Shape.Equals(node.Required(0).Shape);
        if (nothing)
        {
            rewriter.ReplaceNode(node, node.Required(0));
            return true;
        }

        if (Mode(node) is var mode && mode != "constant" && SizeTracing.HasRunTimeSizes(node))
        {
            IReadOnlyList<RunTimePadAxis> axes = PadLowering.Traced(node, rewriter.Graph, () => Axes(node));
            if (axes.Any(a => PadRepeats.IsNeeded(a, mode)))
            {
                PadRepeats.Replace(node, axes, mode, rewriter);
                return true;
            }
        }

        return false;
    }

    public override bool WritesStrided(Node node) => true;

    /// <summary>Blocked if the input is, and no channels are added or removed.</summary>
    public override LayoutKind ChooseLayout(Node node, LayoutQuery layouts) =>
        layouts.IsBlocked(node.Required(0)) && node.Required(1).IsConstant && LayoutQuery.CanBlock(node.Output) && node.Output.Shape[1] == node.Required(0).Shape[1]
            && Axes(node).All(static a => a.Axis != 1 || (a.Before == 0 && a.After == 0))
            ? LayoutKind.Blocked
            : LayoutKind.Plain;

    public override void Lower(Node node, LoweringContext context)
    {
        TensorView output = context.Allocate(node.Output);
        if (node.Output.Shape.ElementCount == 0)
        {
            return;
        }

        Value input = node.Required(0);
        if (SizeTracing.HasRunTimeSizes(node))
        {
            PadLowering.Lower(node, PadLowering.Traced(node, context.Graph, () => Axes(node)), Mode(node), output, context);
            return;
        }

        IReadOnlyList<PadAxis> axes = Axes(node);
        Layout inside = output.Layout;
        TensorView source = output.Layout.IsBlocked ? context.ReadBlocked(input, Halo.None(input.Shape.Rank - 2)) : context.ReadPlain(input);
        Layout kept = source.Layout;
        foreach (PadAxis axis in axes)
        {
            inside = inside.Slice(axis.Axis, axis.Before, axis.Count);
            kept = kept.Slice(axis.Axis, axis.Start, axis.Count);
        }

        context.Add(new CopyStep(node, node.Name, source.With(kept), output.With(inside)));
        for (int i = 0; i < axes.Count; i++)
        {
            // Axes before this one are complete, those behind it have only their inside.
            Layout region = axes.Skip(i + 1).Aggregate(output.Layout, static (l, a) => l.Slice(a.Axis, a.Before, a.Count));
            LowerBorders(node, axes[i], output, region, context);
        }
    }

    private static void LowerBorders(Node node, PadAxis axis, TensorView output, Layout region, LoweringContext context)
    {
        string mode = Mode(node);
        foreach ((bool before, int start, int count) in new[] { (true, 0, axis.Before), (false, axis.Before + axis.Count, axis.After) })
        {
            string name = $"{node.Name} axis {axis.Axis} {(before ? "front" : "back")}";
            if (count > 0 && mode == "constant")
            {
                TensorView part = output.With(region.Slice(axis.Axis, start, count));
                TensorView value = node.Input(2) is { } given
                    ? ConstantFill.Repeat(context.ReadPlain(given), part.Shape)
                    : ConstantFill.View(0, output.Type, part.Shape, context);
                context.Add(new CopyStep(node, name, value, part));
            }
            else if (count > 0)
            {
                foreach (IndexRun run in IndexRuns.Of(axis.Border(before, mode)))
                {
                    context.Add(new CopyStep(
                        node,
                        name,
                        output.With(region.Slice(axis.Axis, axis.Before + run.Source, run.Count, run.Step)),
                        output.With(region.Slice(axis.Axis, start + run.Target, run.Count))));
                }
            }
        }
    }

    private static Tensor Evaluate(Tensor source, PadAxis axis, string mode, byte[] value)
    {
        Shape shape = source.Shape.With(axis.Axis, axis.Length);
        int size = source.Type.Size();
        int inner = checked((int)(shape.Product(axis.Axis + 1, shape.Rank) * size));
        int rows = (int)shape.Product(0, axis.Axis);
        var bytes = new byte[checked((int)(shape.ElementCount * size))];
        for (int row = 0; row < rows; row++)
        {
            for (int i = 0; i < axis.Length; i++)
            {
                Span<byte> target = bytes.AsSpan(((row * axis.Length) + i) * inner, inner);
                int position = i - axis.Before;
                bool outside = position < 0 || position >= axis.Count;
                if (outside && mode == "constant")
                {
                    for (int b = 0; b < inner; b++)
                    {
                        target[b] = value[b % size];
                    }
                }
                else
                {
                    int from = axis.Start + (outside ? axis.Source(position, mode) : position);
                    source.Bytes.Slice(((row * source.Shape[axis.Axis]) + from) * inner, inner).CopyTo(target);
                }
            }
        }

        return Tensor.FromBytes(source.Type, shape, bytes, "Pad");
    }

    private static string Mode(Node node) => node.Attributes.String("mode", "constant");

    private static int[] AxesOf(Node node)
    {
        int rank = node.Required(0).Shape.Rank;
        if (node.Input(3)?.Constant is not { } axes)
        {
            return Enumerable.Range(0, rank).ToArray();
        }

        return axes.ToInt64Array().Select(a => (int)(a < 0 ? a + rank : a)).ToArray();
    }

    /// <summary>The axes that change.</summary>
    private static IReadOnlyList<PadAxis> Axes(Node node)
    {
        Shape shape = node.Required(0).Shape;
        long[] pads = node.Required(1).Constant!.ToInt64Array();
        int[] axes = AxesOf(node);
        var result = new List<PadAxis>();
        for (int i = 0; i < axes.Length; i++)
        {
            int before = (int)pads[i];
            int after = (int)pads[axes.Length + i];
            int length = shape[axes[i]];
            int start = Math.Min(length, Math.Max(0, -before));
            int end = Math.Max(start, length - Math.Max(0, -after));

            // Where more is cut off on one side than there is, the other side has less to add.
            int added = length + before + after - (end - start);
            int front = Math.Max(0, Math.Min(added, Math.Max(0, before)));
            if (before != 0 || after != 0)
            {
                result.Add(new PadAxis(axes[i], start, end - start, front, added - front));
            }
        }

        return result;
    }
}
