using System.Linq;
using AotCompiler.Ir;

namespace AotCompiler.Operators;

/// <summary>SequenceErase: a sequence without the tensor at a position, or without the last.</summary>
/// <remarks>Spec: https://onnx.ai/onnx/operators/onnx__SequenceErase.html. The position must be constant.</remarks>
internal sealed class SequenceErase : StructuralOperator
{
    public SequenceErase()
        : base("SequenceErase")
    {
    }

    public override int Since => 11;

    public override (int Min, int Max) InputCount => (1, 2);

    public override void Import(StructureContext context)
    {
        SequenceValue sequence = context.Sequence(0);
        int length = sequence.Elements.Count;
        int position = SequencePosition.Of(context, 1, length, length, length - 1);
        context.SetOutput(0, new SequenceValue(sequence.Elements.Where((_, i) => i != position).ToArray()));
    }
}
