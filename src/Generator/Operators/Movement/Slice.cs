using System.Collections.Generic;
using System.Linq;
using AotCompiler.Diagnostics;
using AotCompiler.Ir;
using AotCompiler.Lowering;
using AotCompiler.Operators.Selection;

namespace AotCompiler.Operators.Movement;

/// <summary>Slice: parts of axes, with steps that may be negative. A view.</summary>
/// <remarks>Spec: https://onnx.ai/onnx/operators/onnx__Slice.html · Types: all · Opsets: 10 made starts, ends and axes inputs and added steps; 11 allowed negative axes.</remarks>
internal sealed class Slice : Operator, ITakesData
{
    public Slice()
        : base("Slice")
    {
    }

    public override (int Min, int Max) InputCount => (3, 5);

    public override void Upgrade(UpgradeContext context)
    {
        context.AttributeToInput("starts", 1);
        context.AttributeToInput("ends", 2);
        context.AttributeToInput("axes", 3);
    }

    public override void Infer(InferContext context)
    {
        if (context.Has(4) && context.Input(4).Sizes is not null)
        {
            // A view has steps that are numbers; cells at others are gathered.
            throw context.Fail(DiagnosticCodes.ShapeNotConstant, "a step is known only at run time", "Export the model with constant steps.");
        }

        Shape shape = context.Shape(0);
        long[] starts = context.RequireInts(1, "starts");
        long[] ends = context.RequireInts(2, "ends");
        long[] axes = context.Has(3) ? context.RequireInts(3, "axes") : Leading(starts.Length);
        long[] steps = context.Has(4) ? context.RequireInts(4, "steps") : axes;
        if (ends.Length != starts.Length || axes.Length != starts.Length || steps.Length != starts.Length)
        {
            throw context.Fail(DiagnosticCodes.ShapeMismatch, "starts, ends, axes and steps have different lengths");
        }

        context.Axes(axes, shape.Rank);
        if (context.Has(4) && steps.Contains(0))
        {
            throw context.Fail(DiagnosticCodes.ShapeMismatch, "a step is 0");
        }

        int[] result = shape.ToArray();
        foreach (AxisSlice slice in Slices(context.Node))
        {
            result[slice.Axis] = slice.Count;
        }

        context.SetOutput(0, context.Type(0), new Shape(result));
    }

    public override IReadOnlyList<Tensor> Evaluate(Node node, IReadOnlyList<Tensor?> inputs) =>
        new[] { AxisSlice.Evaluate(inputs[0]!, node.Output.Shape, Slices(node)) };

    public override bool Simplify(Node node, GraphRewriter rewriter)
    {
        bool whole = node.Output.Shape.Equals(node.Required(0).Shape)
            && (node.Input(4) is not { } steps || (steps.Constant?.ToInt64Array().All(static s => s > 0) ?? false));
        if (whole)
        {
            rewriter.ReplaceNode(node, node.Required(0));
        }

        return whole;
    }

    public override bool WritesStrided(Node node) => true;

    public override LayoutKind ChooseLayout(Node node, LayoutQuery layouts) =>
        layouts.IsBlocked(node.Required(0)) && LayoutQuery.CanBlock(node.Output) && !SizeTracing.HasRunTimeSizes(node) && Slices(node).All(static s => s.KeepsBlocks)
            ? LayoutKind.Blocked
            : LayoutKind.Plain;

    public override void Lower(Node node, LoweringContext context) =>
        AxisSlice.Lower(node, node.Required(0), node.Output, SizeTracing.HasRunTimeSizes(node) ? Traced(node, context.Graph) : Slices(node), context);

    /// <summary>Axes whose bounds are data are gathered: at most as many cells as they have.</summary>
    public bool TryCompose(Node node, Composer compose)
    {
        Value result = node.Required(0);
        long[] axes = node.Input(3) is null ? Leading((int)node.Required(1).Shape.ElementCount) : compose.ConstantInts(3, "axes")!;
        if (Enumerable.Range(1, 2).Append(4).Any(i => node.Input(i) is { } bounds && (bounds.Shape.IsDynamic || bounds.Shape.ElementCount != axes.Length || bounds.Type is not (ElementType.Int64 or ElementType.Int32))))
        {
            throw compose.Fail(DiagnosticCodes.ShapeMismatch, "starts, ends, axes and steps must be whole numbers, as many of each");
        }

        for (int i = 0; i < axes.Length; i++)
        {
            compose.Check(Shape.TryNormalizeAxis(axes[i], result.Shape.Rank, out int axis), $"axis {axes[i]} is outside the input");
            Value start = ScalarSource.Element(compose, node.Required(1), i);
            Value end = ScalarSource.Element(compose, node.Required(2), i);
            Value step = node.Input(4) is { } steps ? ScalarSource.Element(compose, steps, i) : compose.Scalar(1, ElementType.Int64);
            bool isKnown = start.IsConstant && end.IsConstant && step.IsConstant;
            result = isKnown
                ? compose.Op("Slice", result, compose.Unsqueeze(start, 0), compose.Unsqueeze(end, 0), compose.Ints(axis), compose.Unsqueeze(step, 0))
                : SlicePositions.Slice(compose, result, axis, start, end, step);
        }

        compose.Return(result);
        return true;
    }

    /// <summary>The slices of axes, starts or lengths that are known only at run time.</summary>
    private static IReadOnlyList<AxisSlice> Traced(Node node, Graph graph)
    {
        Size[] numbers = SizeTracing.Trace(node, graph, () => Slices(node).SelectMany((s, i) => new long[] { s.Axis, s.Start, s.Count, node.Input(4)?.Constant!.ToInt64Array()[i] ?? 1 }).ToArray());
        return Enumerable.Range(0, numbers.Length / 4).Select(i =>
        {
            Size start = numbers[(4 * i) + 1];
            Extent count = Extent.Of(numbers[(4 * i) + 2]);
            int step = count == 1 ? 1 : checked((int)numbers[(4 * i) + 3].Maximum);
            return new AxisSlice(checked((int)numbers[4 * i].Maximum), checked((int)start.Maximum), count.Maximum, step)
            {
                StartSize = start.Constant is null ? start : null,
                CountSize = count.Size,
            };
        }).ToArray();
    }

    /// <summary>What a node with constant bounds takes of each axis.</summary>
    public static IReadOnlyList<AxisSlice> Slices(Node node)
    {
        Shape shape = node.Required(0).Shape;
        long[] starts = node.Required(1).Constant!.ToInt64Array();
        long[] ends = node.Required(2).Constant!.ToInt64Array();
        long[] axes = node.Input(3)?.Constant!.ToInt64Array() ?? Leading(starts.Length);
        long[]? steps = node.Input(4)?.Constant!.ToInt64Array();
        return axes.Select((a, i) =>
        {
            Shape.TryNormalizeAxis(a, shape.Rank, out int axis);
            return AxisSlice.Resolve(axis, shape[axis], starts[i], ends[i], steps?[i] ?? 1);
        }).ToArray();
    }

    private static long[] Leading(int count) => Enumerable.Range(0, count).Select(static i => (long)i).ToArray();
}
