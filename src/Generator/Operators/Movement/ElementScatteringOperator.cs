using System;
using AotCompiler.Diagnostics;
using AotCompiler.Ir;
using AotCompiler.Kernels;
using AotCompiler.Lowering;

namespace AotCompiler.Operators.Movement;

/// <summary>What ScatterElements and its predecessor Scatter have in common: one index along one axis for each update.</summary>
internal abstract class ElementScatteringOperator : ScatteringOperator
{
    protected ElementScatteringOperator(string name)
        : base(name)
    {
    }

    protected override void CheckIndices(InferContext context)
    {
        IndexInputs.CheckElements(context, context.Axis(context.Attributes.Int("axis", 0), context.Shape(0).Rank));
        if (!context.Shape(1).Equals(context.Shape(2)))
        {
            throw context.Fail(DiagnosticCodes.ShapeMismatch, "indices and updates have different shapes");
        }
    }

    protected override Func<int, long> Target(Node node, Shape data, Tensor indices)
    {
        int axis = IndexInputs.AxisOf(node);
        long[] values = indices.ToInt64Array();
        long stride = data.RowMajorStrides()[axis];
        var walk = new ElementWalk(indices.Shape, data, axis);
        return i => walk.Offset(i) + (IndexInputs.Normalize(values[i], data[axis]) * stride);
    }

    protected override Step MakeStep(Node node, TensorView updates, TensorView output, LoweringContext context)
    {
        TensorView indices = context.ReadPlain(node.Required(1));
        int axis = IndexInputs.AxisOf(node);
        return new ScatterStep(
            node,
            updates,
            new IndexedOperand(indices, indices.Layout.Dimensions()),
            new IndexedOperand(output, IndexInputs.Within(indices.Shape, output.Layout, axis)),
            new[] { new IndexComponent(0, output.Shape.Extent(axis), output.Layout.Strides[axis]) },
            node.Attributes.String("reduction", "none"));
    }
}
