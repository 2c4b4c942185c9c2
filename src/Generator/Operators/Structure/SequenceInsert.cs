using System.Linq;
using AotCompiler.Ir;

namespace AotCompiler.Operators;

/// <summary>SequenceInsert: a sequence with a tensor more, at a position or at the end.</summary>
/// <remarks>Spec: https://onnx.ai/onnx/operators/onnx__SequenceInsert.html. The position must be constant; where only a run knows how long the sequence is, the beginning or the end.</remarks>
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
        if (context.Input(0) is StackedSequence or JoinedSequence)
        {
            context.SetOutput(0, Insert(context, context.Input(0)!, context.Tensor(1)));
            return;
        }

        SequenceValue sequence = context.Sequence(0);
        int length = sequence.Elements.Count;
        int position = SequencePosition.Of(context, 2, length, length + 1, length);
        ModelValue element = new TensorValue(context.Tensor(1));
        context.SetOutput(0, new SequenceValue(sequence.Elements.Take(position).Append(element).Concat(sequence.Elements.Skip(position)).ToArray()));
    }

    private static ModelValue Insert(StructureContext context, ModelValue sequence, Value element)
    {
        long? position = context.ConstantInt(2, "position");
        if (position is not null and not 0)
        {
            throw context.FailNotConstant("how many elements the sequence has only a run knows, and a tensor goes neither to its end nor to its beginning");
        }

        if (sequence is StackedSequence { Stack: var stack } stacked && element.Type == stack.Type && element.Shape.Equals(stacked.Element))
        {
            Value row = context.Insert("Unsqueeze", new[] { element, context.Constant(Tensor.Vector(0), "axes") });
            return new StackedSequence(context.Insert("Concat", position is null ? new[] { stack, row } : new[] { row, stack }, ("axis", 0L)));
        }

        return SequenceJoin.FormOf(int.MaxValue, sequence, new SequenceValue(new[] { new TensorValue(element) })) is { } form
            ? SequenceJoin.Insert(context, context.Join(sequence, form), element, position is null)
            : throw context.FailNotConstant("how many elements the sequence has only a run knows, and the tensor differs from its tensors in more than one axis");
    }
}
