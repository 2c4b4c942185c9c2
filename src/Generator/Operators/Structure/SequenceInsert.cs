using System.Linq;
using AotCompiler.Ir;

namespace AotCompiler.Operators;

/// <summary>SequenceInsert: a sequence with a tensor more, at a position or at the end.</summary>
/// <remarks>Spec: https://onnx.ai/onnx/operators/onnx__SequenceInsert.html. The position must be constant.</remarks>
internal sealed class SequenceInsert : StructuralOperator
{
    public SequenceInsert()
        : base("SequenceInsert")
    {
    }

    public override int Since => 11;

    public override (int Min, int Max) InputCount => (2, 3);

    public override void Import(StructureContext context)
    {
        SequenceValue sequence = context.Sequence(0);
        int length = sequence.Elements.Count;
        int position = SequencePosition.Of(context, 2, length, length + 1, length);
        ModelValue element = new TensorValue(context.Tensor(1));
        context.SetOutput(0, new SequenceValue(sequence.Elements.Take(position).Append(element).Concat(sequence.Elements.Skip(position)).ToArray()));
    }
}
