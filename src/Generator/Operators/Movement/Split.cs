using System.Collections.Generic;
using System.Linq;
using AotCompiler.Diagnostics;
using AotCompiler.Ir;
using AotCompiler.Lowering;
using AotCompiler.Operators.Selection;

namespace AotCompiler.Operators.Movement;

/// <summary>Split: consecutive parts of one axis. Views.</summary>
/// <remarks>
/// Spec: https://onnx.ai/onnx/operators/onnx__Split.html · Types: all · Opsets: 1 had the sizes as input or attribute, 2 as attribute,
/// 13 as input; 11 allowed negative axes; 18 added num_outputs, of which the last part may be smaller.
/// </remarks>
internal sealed class Split : Operator, ITakesData
{
    public Split()
        : base("Split")
    {
    }

    public override (int Min, int Max) InputCount => (1, 2);

    public override (int Min, int Max) OutputCount => (1, int.MaxValue);

    public override void Upgrade(UpgradeContext context)
    {
        context.AttributeToInput("split", 1);
        if (context.Opset < 2 && context.Node.Input(1) is not null)
        {
            // The first version wants the sizes to have the type of the data.
            context.CastInput(1, ElementType.Int64);
        }
    }

    public override void Infer(InferContext context)
    {
        Shape shape = context.Shape(0);
        int axis = context.Axis(context.Attributes.Int("axis", 0), shape.Rank);
        long[] sizes = context.Has(1) ? context.RequireInts(1, "split") : EvenSizes(context, shape[axis]);
        if (sizes.Length != context.Node.Outputs.Count || sizes.Any(static s => s < 0) || sizes.Aggregate(0.0, static (sum, s) => sum + s) != shape[axis])
        {
            string text = string.Join(", ", sizes.Select(static s => $"{s}"));
            throw context.Fail(
                DiagnosticCodes.ShapeMismatch,
                $"the sizes [{text}] do not divide axis {axis} of length {shape[axis]} among {context.Node.Outputs.Count} outputs");
        }

        for (int i = 0; i < sizes.Length; i++)
        {
            context.SetOutput(i, context.Type(0), shape.With(axis, (int)sizes[i]));
        }
    }

    public override IReadOnlyList<Tensor> Evaluate(Node node, IReadOnlyList<Tensor?> inputs) =>
        Parts(node).Select((part, i) => AxisSlice.Evaluate(inputs[0]!, node.Outputs[i].Shape, new[] { part })).ToArray();

    public override bool WritesStrided(Node node) => true;

    public override LayoutKind ChooseLayout(Node node, LayoutQuery layouts) =>
        layouts.IsBlocked(node.Required(0)) && node.Outputs.All(LayoutQuery.CanBlock) && Parts(node).All(static p => p.KeepsBlocks)
            ? LayoutKind.Blocked
            : LayoutKind.Plain;

    public override void Lower(Node node, LoweringContext context)
    {
        IReadOnlyList<AxisSlice> parts = Parts(node);
        for (int i = 0; i < parts.Count; i++)
        {
            AxisSlice.Lower(node, node.Required(0), node.Outputs[i], new[] { parts[i] }, context);
        }
    }

    /// <summary>Parts whose sizes are data are gathered: each has at most as many cells as the axis.</summary>
    public bool TryCompose(Node node, Composer compose)
    {
        Value x = node.Required(0);
        if (node.Input(1) is null)
        {
            return TryComposeEven(node, compose);
        }

        if (node.Input(1) is not { } sizes || sizes.Shape.IsDynamic || sizes.Shape.ElementCount != node.Outputs.Count || sizes.Type is not (ElementType.Int64 or ElementType.Int32)
            || !Shape.TryNormalizeAxis(node.Attributes.Int("axis", 0), x.Shape.Rank, out int axis))
        {
            return false;
        }

        Value start = compose.Scalar(0, ElementType.Int64);
        Value step = compose.Scalar(1, ElementType.Int64);
        for (int i = 0; i < node.Outputs.Count; i++)
        {
            Value end = compose.Add(start, ScalarSource.Element(compose, sizes, i));
            compose.Return(i, SlicePositions.Slice(compose, x, axis, start, end, step));
            start = end;
        }

        return true;
    }

    /// <summary>Equal parts of an axis of the run and a last one of what is left, which is not longest where the axis is: a count.</summary>
    private static bool TryComposeEven(Node node, Composer compose)
    {
        Value x = node.Required(0);
        int count = node.Outputs.Count;
        if (!Shape.TryNormalizeAxis(node.Attributes.Int("axis", 0), x.Shape.Rank, out int axis) || node.Attributes.Int("num_outputs", -1) != count)
        {
            return false;
        }

        Size length = x.Shape.Extent(axis).Expression;
        Size part = (length + Size.Of(count - 1)).FloorDivide(count);
        Size rest = length - (part * Size.Of(count - 1));
        if (rest.Samples.Any(static r => r < 0))
        {
            return false;
        }

        Value At(Size size) => compose.Context.SizeVector(new[] { size });
        for (int i = 0; i < count - 1; i++)
        {
            compose.Return(i, compose.Op("Slice", x, At(part * Size.Of(i)), At(part * Size.Of(i + 1)), compose.Ints(axis)));
        }

        Size last = compose.Context.SizesIn(At(rest), new[] { new SizeRange(0, part.Maximum) }).Sizes!.Elements![0];
        Value begin = compose.Op("Reshape", At(part * Size.Of(count - 1)), compose.Ints());
        compose.Return(count - 1, SequenceJoin.Take(compose.Context, x, axis, begin, compose.Context.Dimension(Extent.Of(last))));
        return true;
    }

    private static long[] EvenSizes(InferContext context, int length)
    {
        long count = context.Attributes.Int("num_outputs", context.Node.Outputs.Count);
        if (count != context.Node.Outputs.Count)
        {
            throw context.Fail(DiagnosticCodes.GraphMalformed, $"num_outputs is {count} but the node has {context.Node.Outputs.Count} outputs");
        }

        if (!context.Attributes.Has("num_outputs") && length % count != 0)
        {
            throw context.Fail(DiagnosticCodes.ShapeMismatch, $"{length} elements cannot be split into {count} equal parts");
        }

        long size = (length + count - 1) / count;
        long[] sizes = Enumerable.Repeat(size, (int)count).ToArray();
        sizes[count - 1] = length - (size * (count - 1));
        return sizes;
    }

    private static IReadOnlyList<AxisSlice> Parts(Node node)
    {
        Shape.TryNormalizeAxis(node.Attributes.Int("axis", 0), node.Required(0).Shape.Rank, out int axis);
        Size start = Size.Of(0);
        return node.Outputs.Select(output =>
        {
            Extent count = output.Shape.Extent(axis);
            var part = new AxisSlice(axis, checked((int)start.Maximum), count.Maximum, 1) { StartSize = start.Constant is null ? start : null, CountSize = count.Size };
            start += count.Expression;
            return part;
        }).ToArray();
    }
}
