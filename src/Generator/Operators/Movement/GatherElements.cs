using System.Collections.Generic;
using AotCompiler.Ir;
using AotCompiler.Kernels;
using AotCompiler.Lowering;

namespace AotCompiler.Operators.Movement;

/// <summary>GatherElements: each output element is picked by its own index along one axis. Indices are checked.</summary>
/// <remarks>Spec: https://onnx.ai/onnx/operators/onnx__GatherElements.html · Types: all; indices i32, i64.</remarks>
internal sealed class GatherElements : Operator
{
    public GatherElements()
        : base("GatherElements")
    {
    }

    public override int Since => 11;

    public override (int Min, int Max) InputCount => (2, 2);

    public override void Infer(InferContext context)
    {
        IndexInputs.CheckElements(context, context.Axis(context.Attributes.Int("axis", 0), context.Shape(0).Rank));
        context.SetOutput(0, context.Type(0), context.Shape(1));
    }

    public override IReadOnlyList<Tensor> Evaluate(Node node, IReadOnlyList<Tensor?> inputs)
    {
        Shape data = inputs[0]!.Shape;
        int axis = IndexInputs.AxisOf(node);
        long[] indices = inputs[1]!.ToInt64Array();
        var walk = new ElementWalk(node.Output.Shape, data, axis);
        long stride = data.RowMajorStrides()[axis];
        return new[]
        {
            ElementMovement.Pick(inputs[0]!, node.Output.Shape, i => walk.Offset(i) + (IndexInputs.Normalize(indices[i], data[axis]) * stride)),
        };
    }

    public override bool WritesStrided(Node node) => true;

    public override void Lower(Node node, LoweringContext context)
    {
        int axis = IndexInputs.AxisOf(node);
        TensorView data = context.ReadPlain(node.Required(0));
        TensorView indices = context.ReadPlain(node.Required(1));
        context.Add(new GatherStep(
            node,
            new IndexedOperand(data, IndexInputs.Within(indices.Shape, data.Layout, axis)),
            new IndexedOperand(indices, indices.Layout.Dimensions()),
            context.Allocate(node.Output),
            new[] { new IndexComponent(0, data.Shape.Extent(axis), data.Layout.Strides[axis]) }));
    }
}
