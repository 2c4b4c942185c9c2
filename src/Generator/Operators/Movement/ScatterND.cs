using System;
using System.Collections.Generic;
using System.Linq;
using AotCompiler.Diagnostics;
using AotCompiler.Ir;
using AotCompiler.Kernels;
using AotCompiler.Lowering;

namespace AotCompiler.Operators.Movement;

/// <summary>ScatterND: writes updates, elements or slices, to index tuples.</summary>
/// <remarks>
/// Spec: https://onnx.ai/onnx/operators/onnx__ScatterND.html · Types: all; indices i64, i32; reductions not bool · Opsets: 16 added
/// reduction (none, add, mul), 18 min and max.
/// </remarks>
internal sealed class ScatterND : ScatteringOperator
{
    public ScatterND()
        : base("ScatterND")
    {
    }

    public override int Since => 11;

    protected override void CheckIndices(InferContext context)
    {
        int length = IndexInputs.CheckTuples(context, 0);
        Shape indices = context.Shape(1);
        var expected = new Shape(indices.Dimensions.Take(indices.Rank - 1).Concat(context.Shape(0).Dimensions.Skip(length)));
        if (!context.Shape(2).Equals(expected))
        {
            throw context.Fail(DiagnosticCodes.ShapeMismatch, $"the updates must have the shape {expected}");
        }
    }

    protected override Func<int, long> Target(Node node, Shape data, Tensor indices)
    {
        int length = indices.Shape[indices.Shape.Rank - 1];
        long[] values = indices.ToInt64Array();
        long tail = data.Product(length, data.Rank);
        return i => IndexInputs.TupleOffset(values, i / tail, length, data, 0) + (i % tail);
    }

    /// <summary>The slice that constant indices stand for, if later updates need nothing of earlier ones; null for other indices.</summary>
    private static IReadOnlyList<AxisSlice>? SliceOf(Node node) =>
        node.Attributes.String("reduction", "none") == "none" && node.Required(1).Constant is { } indices && !node.Output.Shape.IsDynamic
            ? TupleSlice.Find(indices, node.Output.Shape)
            : null;

    protected override Step MakeStep(Node node, TensorView updates, TensorView output, LoweringContext context)
    {
        if (SliceOf(node) is { } slices)
        {
            TensorView slice = output.With(AxisSlice.Apply(slices, output.Layout));
            if (updates.Layout.TryReshape(slice.Shape) is { } same)
            {
                return new CopyStep(node, node.Name, updates.With(same), slice);
            }
        }

        TensorView indices = context.ReadPlain(node.Required(1));
        int tuples = indices.Shape.Rank - 1;
        int length = indices.Shape[tuples];
        var at = indices.Layout.Dimensions().Take(tuples).ToArray();
        var tail = output.Layout.Dimensions().Skip(length).ToArray();
        return new ScatterStep(
            node,
            updates,
            new IndexedOperand(indices, at.Concat(tail.Select(static d => new IterationDimension(d.Trip, 0))).ToArray()),
            new IndexedOperand(output, at.Select(static d => new IterationDimension(d.Trip, 0)).Concat(tail).ToArray()),
            IndexComponent.Tuple(indices.Layout.Strides[tuples], length, output.Layout, 0),
            node.Attributes.String("reduction", "none"));
    }
}
