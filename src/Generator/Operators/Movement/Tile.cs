using System;
using System.Collections.Generic;
using System.Linq;
using AotCompiler.Diagnostics;
using AotCompiler.Ir;
using AotCompiler.Kernels;
using AotCompiler.Lowering;

namespace AotCompiler.Operators.Movement;

/// <summary>Tile: repeats the whole tensor along each axis. One copy through strides of 0.</summary>
/// <remarks>Spec: https://onnx.ai/onnx/operators/onnx__Tile.html · Types: all · Opsets: 1 had inputs tiles and axis; 6 has repeats for all axes.</remarks>
internal sealed class Tile : Operator
{
    /// <summary>Copies of an axis of run-time length, each a step of its own.</summary>
    private const int MaxCopies = 64;

    public Tile()
        : base("Tile")
    {
    }

    public override (int Min, int Max) InputCount => (2, 2);

    public override void Upgrade(UpgradeContext context)
    {
        if (context.Opset >= 6 || context.Node.OperatorInputCount != 3)
        {
            return;
        }

        if (Scalar(context.Node.Input(1)) is not { } tiles || Scalar(context.Node.Input(2)) is not { } axis)
        {
            throw context.Fail(DiagnosticCodes.ShapeNotConstant, "tiles and axis must be constant scalars");
        }

        int rank = context.Node.Required(0).Shape.Rank;
        long[] repeats = Enumerable.Range(0, rank).Select(i => i == (int)axis ? (long)tiles : 1).ToArray();
        context.Node.SetInputs(context.Node.Input(0));
        context.SetInput(1, Tensor.Vector(repeats), "repeats");
    }

    public override void Infer(InferContext context)
    {
        Shape shape = context.Shape(0);
        long[] repeats = context.RequireInts(1, "repeats");
        if (repeats.Length != shape.Rank || repeats.Any(static r => r < 0 || r > int.MaxValue))
        {
            throw context.Fail(DiagnosticCodes.ShapeMismatch, $"repeats must be {shape.Rank} numbers of 0 or more");
        }

        context.SetOutput(0, context.Type(0), context.MakeShape(shape.Dimensions.Select((d, i) => d * repeats[i])));
    }

    public override IReadOnlyList<Tensor> Evaluate(Node node, IReadOnlyList<Tensor?> inputs)
    {
        Shape from = inputs[0]!.Shape;
        Shape to = node.Output.Shape;
        long[] strides = from.RowMajorStrides();
        return new[]
        {
            ElementMovement.Pick(inputs[0]!, to, i =>
            {
                long rest = i;
                long source = 0;
                for (int d = to.Rank - 1; d >= 0; d--)
                {
                    source += rest % to[d] % from[d] * strides[d];
                    rest /= to[d];
                }

                return source;
            }),
        };
    }

    public override bool Simplify(Node node, GraphRewriter rewriter)
    {
        if (node.Output.Shape.Equals(node.Required(0).Shape))
        {
            rewriter.ReplaceNode(node, node.Required(0));
            return true;
        }

        int[] axes = Enumerable.Range(0, node.Output.Shape.Rank).Where(a => node.Required(0).Shape.IsDynamicAt(a) && CopiesOf(node, a) is null).ToArray();
        if (axes.Length == 0 || node.Output.Shape.ElementCount == 0)
        {
            return false;
        }

        rewriter.ReplaceNode(node, Spread(node, axes, rewriter));
        return true;
    }

    /// <summary>Axes of run-time length with numbers of copies that are not few: each gets another one before it, along which it is repeated, and that is joined with it.</summary>
    private static Value Spread(Node node, int[] axes, GraphRewriter rewriter)
    {
        Value input = node.Required(0);
        IReadOnlyList<Size> repeats = node.Required(1).Sizes?.Elements ?? node.Required(1).Constant!.ToInt64Array().Select(Size.Of).ToArray();
        string name = $"{node.Name}.copies";
        Shape With(Func<int, Extent> before) => new(input.Shape.Extents.SelectMany((e, a) => axes.Contains(a) ? new[] { before(a), e } : new[] { e }));
        Value split = rewriter.Reshape(input, With(static _ => 1), name);
        Value spread = rewriter.Insert("Expand", name, new[] { split, rewriter.ShapeValue(With(a => Extent.Of(repeats[a])), $"{name}.shape") });
        Value joined = rewriter.Reshape(spread, new Shape(input.Shape.Extents.Select((e, a) => axes.Contains(a) ? node.Output.Shape.Extent(a) : e)), name);
        return joined.Shape.Equals(node.Output.Shape)
            ? joined
            : rewriter.Insert("Tile", node.Name, new[] { joined, rewriter.SizeVector(repeats.Select((r, a) => axes.Contains(a) ? Size.Of(1) : r).ToArray(), $"{name}.repeats") });
    }

    public override bool WritesStrided(Node node) => true;

    /// <summary>Blocked if the input is, and only pixels are repeated.</summary>
    public override LayoutKind ChooseLayout(Node node, LayoutQuery layouts)
    {
        Shape from = node.Required(0).Shape;
        Shape to = node.Output.Shape;
        return layouts.IsBlocked(node.Required(0)) && LayoutQuery.CanBlock(node.Output) && from[0] == to[0] && from[1] == to[1]
            ? LayoutKind.Blocked
            : LayoutKind.Plain;
    }

    public override void Lower(Node node, LoweringContext context)
    {
        Value input = node.Required(0);
        TensorView target = context.Allocate(node.Output);
        if (node.Output.Shape.ElementCount == 0)
        {
            return;
        }

        TensorView source = target.Layout.IsBlocked ? context.ReadBlocked(input, Halo.None(input.Shape.Rank - 2)) : context.ReadPlain(input);
        Layout from = source.Layout;
        Layout to = target.Layout;
        IEnumerable<Size> starts = new[] { Size.Of(0) };
        for (int axis = input.Shape.Rank - 1; axis >= 0; axis--)
        {
            Extent length = input.Shape.Extent(axis);
            if (length.IsDynamic)
            {
                // Where the second copy begins is only known at run time: a copy for each.
                int copies = CopiesOf(node, axis)
                    ?? throw LoweringContext.Fail(node, DiagnosticCodes.ShapeNotConstant, $"axis {axis}, whose length is only known at run time, is repeated more than {MaxCopies} times or by a run-time number", "Give the dimension one value.");
                Size step = length.Expression * Size.Of(to.Strides[axis]);
                starts = starts.SelectMany(s => Enumerable.Range(0, copies).Select(k => s + (step * Size.Of(k)))).ToArray();
                to = to.Slice(axis, 0, length);
                continue;
            }

            Extent repeat = Extent.Of(node.Output.Shape.Extent(axis).Expression.FloorDivide(length.Maximum));
            if (repeat != 1)
            {
                to = to.SplitAxis(axis, length.Maximum);
                from = from.InsertAxis(axis, repeat);
            }
        }

        foreach (Size start in starts)
        {
            context.Add(new CopyStep(node, node.Name, source.With(from), target.With(to), targetShift: start.Constant == 0 ? null : start));
        }
    }

    /// <summary>How often an axis of run-time length is repeated, if that is a small number.</summary>
    private static int? CopiesOf(Node node, int axis)
    {
        Size length = node.Required(0).Shape.Extent(axis).Expression;
        long copies = node.Output.Shape.Extent(axis).Expression.Maximum / length.Maximum;
        return copies <= MaxCopies && (length * Size.Of(copies)).Equals(node.Output.Shape.Extent(axis).Expression) ? (int)copies : null;
    }

    private static double? Scalar(Value? value) => value?.Constant is { Shape.ElementCount: 1 } constant ? ElementEvaluation.Read(constant, 0) : null;
}
