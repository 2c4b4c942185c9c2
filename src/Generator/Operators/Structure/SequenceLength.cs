using AotCompiler.Ir;

namespace AotCompiler.Operators;

/// <summary>SequenceLength: how many tensors a sequence has: a constant, or a size of the run.</summary>
/// <remarks>Spec: https://onnx.ai/onnx/operators/onnx__SequenceLength.html.</remarks>
internal sealed class SequenceLength : StructuralOperator
{
    public SequenceLength()
        : base("SequenceLength")
    {
    }

    public override int Since => 11;

    public override (int Min, int Max) InputCount => (1, 1);

    public override void Import(StructureContext context)
    {
        if (context.Stacked(0) is { } stacked)
        {
            context.SetOutput(0, new TensorValue(context.Dimension(stacked.Stack.Shape.Extent(0))));
            return;
        }

        if (context.Joined(0) is { } joined)
        {
            context.SetOutput(0, new TensorValue(context.Dimension(joined.Lengths.Shape.Extent(0))));
            return;
        }

        long length = context.Sequence(0).Elements.Count;
        context.SetOutput(0, new TensorValue(context.Constant(Tensor.Create(ElementType.Int64, Shape.Scalar, new[] { length }), "length")));
    }
}
