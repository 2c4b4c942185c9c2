using AotCompiler.Ir;

namespace AotCompiler.Operators;

/// <summary>SequenceLength: how many tensors a sequence has, a constant.</summary>
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
        long length = context.Sequence(0).Elements.Count;
        context.SetOutput(0, new TensorValue(context.Constant(Tensor.Create(ElementType.Int64, Shape.Scalar, new[] { length }), "length")));
    }
}
