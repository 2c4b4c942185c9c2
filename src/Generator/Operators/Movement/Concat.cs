using System;
using System.Collections.Generic;
using System.Linq;
using AotCompiler.Diagnostics;
using AotCompiler.Ir;
using AotCompiler.Kernels;
using AotCompiler.Lowering;

namespace AotCompiler.Operators.Movement;

/// <summary>Concat: inputs side by side along one axis. Inputs that can be computed in place inside the output cost nothing.</summary>
/// <remarks>Spec: https://onnx.ai/onnx/operators/onnx__Concat.html · Types: all · Opsets: 4 made the axis required; 11 allowed negative axes.</remarks>
internal sealed class Concat : Operator, IJoiningOperator
{
    public Concat()
        : base("Concat")
    {
    }

    public override (int Min, int Max) InputCount => (1, int.MaxValue);

    public override void Upgrade(UpgradeContext context)
    {
        if (context.Attributes.Has("axis"))
        {
            return;
        }

        context.Attributes.Set("axis", context.Opset < 4 ? 1L : throw context.Fail(DiagnosticCodes.GraphMalformed, "attribute 'axis' is missing", "Check the model with its exporter."));
    }

    public override void Infer(InferContext context)
    {
        Shape first = context.Shape(0);
        int axis = context.Axis(context.Attributes.Int("axis", 0), first.Rank);
        long total = first[axis];
        for (int i = 1; i < context.Node.OperatorInputCount; i++)
        {
            context.RequireSameType(0, i);
            Shape shape = context.Shape(i);
            if (shape.Rank != first.Rank || !shape.With(axis, first[axis]).Equals(first))
            {
                throw context.Fail(DiagnosticCodes.ShapeMismatch, $"inputs 0 and {i} differ outside axis {axis}");
            }

            total += shape[axis];
        }

        context.SetOutput(0, context.Type(0), context.MakeShape(first.Dimensions.Select((d, i) => i == axis ? total : d)));
    }

    public override IReadOnlyList<Tensor> Evaluate(Node node, IReadOnlyList<Tensor?> inputs)
    {
        Shape shape = node.Output.Shape;
        int axis = AxisOf(node);
        int size = node.Output.Type.Size();
        int outer = (int)shape.Product(0, axis);
        int inner = checked((int)(shape.Product(axis + 1, shape.Rank) * size));
        var bytes = new byte[shape.ElementCount * size];
        int start = 0;
        foreach (Tensor? input in inputs)
        {
            int length = input!.Shape[axis] * inner;
            for (int o = 0; o < outer; o++)
            {
                input.Bytes.Slice(o * length, length).CopyTo(bytes.AsSpan((o * shape[axis] * inner) + start));
            }

            start += length;
        }

        return new[] { Tensor.FromBytes(node.Output.Type, shape, bytes, "Concat") };
    }

    public override bool Simplify(Node node, GraphRewriter rewriter)
    {
        if (node.OperatorInputCount != 1)
        {
            return false;
        }

        rewriter.ReplaceNode(node, node.Required(0));
        return true;
    }

    public override bool WritesStrided(Node node) => true;

    public int? JoinAxis(Node node) => node.Epilogue is null ? AxisOf(node) : null;

    public override ByteUse UseOfBytes(Node node, int input, LayoutQuery layouts) => ByteUse.Moves;

    public override IReadOnlyList<Value> MovedInputs(Node node) => node.Inputs.Take(node.OperatorInputCount).Select(static v => v!).ToArray();

    /// <summary>Blocked if all inputs are, and channels are joined at block borders.</summary>
    public override LayoutKind ChooseLayout(Node node, LayoutQuery layouts)
    {
        bool fits = LayoutQuery.CanBlock(node.Output)
            && node.Inputs.All(layouts.IsBlocked)
            && !node.Output.Shape.IsDynamicAt(AxisOf(node))
            && (AxisOf(node) != 1 || node.Inputs.Take(node.Inputs.Count - 1).All(static v => v!.Shape[1] % Layout.BlockSize == 0));
        return fits ? LayoutKind.Blocked : LayoutKind.Plain;
    }

    public override void Lower(Node node, LoweringContext context)
    {
        int axis = AxisOf(node);
        TensorView whole = context.Allocate(node.Output);
        if (node.Output.Shape.IsDynamicAt(axis))
        {
            LowerRunTimeLengths(node, axis, whole, context);
            return;
        }

        int start = 0;
        for (int i = 0; i < node.OperatorInputCount; i++)
        {
            Value input = node.Required(i);
            if (input.Shape.ElementCount > 0)
            {
                TensorView part = whole.With(whole.Layout.Slice(axis, start, input.Shape.Extent(axis)));
                TensorView source = context.Read(input, whole.Zero is not null);
                if (!ReferenceEquals(source.Storage, part.Storage) || source.Layout.Offset != part.Layout.Offset)
                {
                    context.Add(new CopyStep(node, $"{node.Name} {i}", source, part));
                }
            }

            start += input.Shape[axis];
        }
    }

    /// <summary>Each part is copied to where those before it end in this run.</summary>
    private static void LowerRunTimeLengths(Node node, int axis, TensorView whole, LoweringContext context)
    {
        Size start = Size.Of(0);
        for (int i = 0; i < node.OperatorInputCount; i++)
        {
            Value input = node.Required(i);
            Extent length = input.Shape.Extent(axis);
            context.Add(new CopyStep(
                node,
                $"{node.Name} {i}",
                context.ReadPlain(input),
                whole.With(whole.Layout.Slice(axis, 0, length)),
                targetShift: start.Constant == 0 ? null : start * Size.Of(whole.Layout.Strides[axis])));
            start += length.Expression;
        }
    }

    private static int AxisOf(Node node)
    {
        Shape.TryNormalizeAxis(node.Attributes.Int("axis", 0), node.Output.Shape.Rank, out int axis);
        return axis;
    }
}
