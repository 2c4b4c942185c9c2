using System.Collections.Generic;
using System.Linq;
using AotCompiler.Ir;
using AotCompiler.Kernels;
using AotCompiler.Lowering;

namespace AotCompiler.Operators.Movement;

/// <summary>GatherND: index tuples pick elements or slices. Indices are checked.</summary>
/// <remarks>Spec: https://onnx.ai/onnx/operators/onnx__GatherND.html · Types: all; indices i64, i32 · Opsets: 12 added batch_dims.</remarks>
internal sealed class GatherND : Operator
{
    public GatherND()
        : base("GatherND")
    {
    }

    public override int Since => 11;

    public override (int Min, int Max) InputCount => (2, 2);

    public override void Infer(InferContext context)
    {
        int batch = Batch(context.Node);
        int length = IndexInputs.CheckTuples(context, batch);
        Shape indices = context.Shape(1);
        context.SetOutput(0, context.Type(0), context.MakeShape(
            indices.Dimensions.Take(indices.Rank - 1).Concat(context.Shape(0).Dimensions.Skip(batch + length)).Select(static d => (long)d)));
    }

    public override IReadOnlyList<Tensor> Evaluate(Node node, IReadOnlyList<Tensor?> inputs)
    {
        Shape data = inputs[0]!.Shape;
        Shape indices = inputs[1]!.Shape;
        int batch = Batch(node);
        int length = indices[indices.Rank - 1];
        long[] values = inputs[1]!.ToInt64Array();
        long tail = data.Product(batch + length, data.Rank);
        long perBatch = indices.Product(batch, indices.Rank - 1);
        long batchStride = data.Product(batch, data.Rank);
        return new[]
        {
            ElementMovement.Pick(inputs[0]!, node.Output.Shape, i =>
            {
                long tuple = i / tail;
                return (tuple / perBatch * batchStride) + IndexInputs.TupleOffset(values, tuple, length, data, batch) + (i % tail);
            }),
        };
    }

    public override bool WritesStrided(Node node) => true;

    public override void Lower(Node node, LoweringContext context)
    {
        TensorView data = context.ReadPlain(node.Required(0));
        TensorView indices = context.ReadPlain(node.Required(1));
        int batch = Batch(node);
        int tuples = indices.Shape.Rank - 1;
        int length = indices.Shape[tuples];
        IReadOnlyList<IterationDimension> at = indices.Layout.Dimensions().Take(tuples).ToArray();
        IReadOnlyList<IterationDimension> tail = data.Layout.Dimensions().Skip(batch + length).ToArray();
        var walk = at.Select((d, i) => new IterationDimension(d.Trip, i < batch ? data.Layout.Strides[i] : 0)).Concat(tail).ToArray();
        context.Add(new GatherStep(
            node,
            new IndexedOperand(data, walk),
            new IndexedOperand(indices, at.Concat(tail.Select(static d => new IterationDimension(d.Trip, 0))).ToArray()),
            context.Allocate(node.Output),
            IndexComponent.Tuple(indices.Layout.Strides[tuples], length, data.Layout, batch)));
    }

    private static int Batch(Node node) => (int)node.Attributes.Int("batch_dims", 0);
}
