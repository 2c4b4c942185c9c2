using System.Collections.Generic;
using System.Linq;
using AotCompiler.Diagnostics;
using AotCompiler.Ir;
using AotCompiler.Kernels;
using AotCompiler.Lowering;

namespace AotCompiler.Operators.Movement;

/// <summary>Gather: picks entries of one axis by index. Constant indices make views or strided copies, others a checked look-up.</summary>
/// <remarks>Spec: https://onnx.ai/onnx/operators/onnx__Gather.html · Types: all; indices i32, i64 · Opsets: 11 allowed negative indices.</remarks>
internal sealed class Gather : Operator
{
    /// <summary>More copies than this are a look-up with a table.</summary>
    private const int MaxCopies = 8;

    public Gather()
        : base("Gather")
    {
    }

    public override (int Min, int Max) InputCount => (2, 2);

    public override void Infer(InferContext context)
    {
        Shape data = context.Shape(0);
        int axis = context.Axis(context.Attributes.Int("axis", 0), data.Rank);
        IndexInputs.Check(context, 1, data[axis]);
        context.SetOutput(0, context.Type(0), context.MakeShape(
            data.Dimensions.Take(axis).Concat(context.Shape(1).Dimensions).Concat(data.Dimensions.Skip(axis + 1)).Select(static d => (long)d)));
    }

    public override IReadOnlyList<Tensor> Evaluate(Node node, IReadOnlyList<Tensor?> inputs)
    {
        Tensor data = inputs[0]!;
        int axis = IndexInputs.AxisOf(node);
        long inner = data.Shape.Product(axis + 1, data.Shape.Rank);
        int[] table = IndexInputs.Table(inputs[1]!, data.Shape[axis]);
        return new[]
        {
            ElementMovement.Pick(data, node.Output.Shape, i =>
            {
                long row = i / inner;
                return (((row / table.Length * data.Shape[axis]) + table[row % table.Length]) * inner) + (i % inner);
            }),
        };
    }

    public override bool WritesStrided(Node node) => true;

    public override void Lower(Node node, LoweringContext context)
    {
        Value data = node.Required(0);
        int axis = IndexInputs.AxisOf(node);
        if (node.Output.Shape.ElementCount == 0)
        {
            context.Allocate(node.Output);
            return;
        }

        if (data.Shape.IsDynamicAt(axis) || node.Required(1).Constant is not { } indices || !TryLowerCopies(node, axis, IndexInputs.Table(indices, data.Shape[axis]), context))
        {
            LowerLookUp(node, axis, context);
        }
    }

    /// <summary>One run of indices is a view; a few are copies of views.</summary>
    private static bool TryLowerCopies(Node node, int axis, int[] table, LoweringContext context)
    {
        IReadOnlyList<IndexRun> runs = IndexRuns.Of(table);
        if (runs.Count > MaxCopies)
        {
            return false;
        }

        TensorView data = context.ReadPlain(node.Required(0));
        if (runs.Count == 1 && data.Layout.Slice(axis, runs[0].Source, runs[0].Count, runs[0].Step).TryReshape(node.Output.Shape) is { } view)
        {
            context.Alias(node.Output, data.With(view));
            return true;
        }

        TensorView output = context.Allocate(node.Output);
        if (output.Layout.TryReshape(data.Shape.With(axis, table.Length)) is not { } flat)
        {
            return false;
        }

        foreach (IndexRun run in runs)
        {
            context.Add(new CopyStep(
                node,
                $"{node.Name} {run.Target}",
                data.With(data.Layout.Slice(axis, run.Source, run.Count, run.Step)),
                output.With(flat.Slice(axis, run.Target, run.Count))));
        }

        return true;
    }

    private static void LowerLookUp(Node node, int axis, LoweringContext context)
    {
        TensorView data = context.ReadPlain(node.Required(0));
        TensorView indices = context.ReadPlain(node.Required(1));
        IReadOnlyList<IterationDimension> from = data.Layout.Dimensions();
        IReadOnlyList<IterationDimension> at = indices.Layout.Dimensions();
        int before = axis;
        int after = from.Count - axis - 1;
        context.Add(new GatherStep(
            node,
            new IndexedOperand(data, Join(from.Take(before), Still(at), from.Skip(axis + 1))),
            new IndexedOperand(indices, Join(Still(from.Take(before)), at, Still(from.Skip(from.Count - after)))),
            context.Allocate(node.Output),
            new[] { new IndexComponent(0, data.Shape.Extent(axis), from[axis].Stride) }));
    }

    private static IReadOnlyList<IterationDimension> Join(params IEnumerable<IterationDimension>[] parts) => parts.SelectMany(static p => p).ToArray();

    private static IEnumerable<IterationDimension> Still(IEnumerable<IterationDimension> dimensions) =>
        dimensions.Select(static d => new IterationDimension(d.Trip, 0));
}
