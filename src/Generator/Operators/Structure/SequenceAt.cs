using System.Linq;
using AotCompiler.Diagnostics;
using AotCompiler.Ir;

namespace AotCompiler.Operators;

/// <summary>SequenceAt: the tensor at a position of a sequence.</summary>
/// <remarks>
/// Spec: https://onnx.ai/onnx/operators/onnx__SequenceAt.html. A position that is only known at run time picks a row of the
/// stacked tensors, or a part of the joined ones; they must have one shape, or differ in one axis.
/// </remarks>
internal sealed class SequenceAt : StructuralOperator
{
    public SequenceAt()
        : base("SequenceAt")
    {
    }

    public override int Since => 11;

    public override (int Min, int Max) InputCount => (2, 2);

    public override void Import(StructureContext context)
    {
        Value position = context.Tensor(1);
        if (context.Stacked(0) is { } stacked)
        {
            Pick(context, stacked.Stack, position);
            return;
        }

        if (context.Joined(0) is { } joined)
        {
            RequireOne(context, position);
            context.SetOutput(0, new TensorValue(SequenceJoin.At(context, joined, position)));
            return;
        }

        SequenceValue sequence = context.Sequence(0);
        int length = sequence.Elements.Count;
        if (position.IsConstant)
        {
            context.SetOutput(0, sequence.Elements[SequencePosition.Of(context, 1, length, length, -1)]);
            return;
        }

        Value[] tensors = sequence.Tensors.ToArray();
        if (SequenceJoin.FormOf(int.MaxValue, sequence) is { } form)
        {
            RequireOne(context, position);
            context.SetOutput(0, new TensorValue(SequenceJoin.At(context, context.Join(sequence, form), position)));
            return;
        }

        if (length == 0 || tensors.Length != length || tensors.Any(t => t.Type != tensors[0].Type || !t.Shape.Equals(tensors[0].Shape)))
        {
            throw context.FailNotConstant("the position is only known at run time, and the sequence has no tensors that are alike but for one axis");
        }

        Value axes = context.Constant(Tensor.Vector(0), "axes");
        Value stack = context.Insert("Concat", tensors.Select(t => context.Insert("Unsqueeze", new[] { t, axes })), ("axis", 0L));
        Pick(context, stack, position);
    }

    private static void Pick(StructureContext context, Value stack, Value position)
    {
        RequireOne(context, position);
        Value index = context.Insert("Reshape", new[] { position, context.Constant(Tensor.Vector(), "scalar") });
        context.SetOutput(0, new TensorValue(context.Insert("Gather", new[] { stack, index }, ("axis", 0L))));
    }

    private static void RequireOne(StructureContext context, Value position)
    {
        if (position.Shape.ElementCount != 1)
        {
            throw context.Fail(DiagnosticCodes.ShapeMismatch, "the position must be one integer");
        }
    }
}
