using System.Collections.Generic;
using System.Linq;
using AotCompiler.Diagnostics;
using AotCompiler.Ir;

namespace AotCompiler.Operators;

/// <summary>ConcatFromSequence: the tensors of a sequence side by side, along an axis they have or a new one.</summary>
/// <remarks>Spec: https://onnx.ai/onnx/operators/onnx__ConcatFromSequence.html. Becomes Concat, of tensors with a new axis where one is wanted.</remarks>
internal sealed class ConcatFromSequence : StructuralOperator
{
    public ConcatFromSequence()
        : base("ConcatFromSequence")
    {
    }

    public override int Since => 11;

    public override (int Min, int Max) InputCount => (1, 1);

    public override void Import(StructureContext context)
    {
        bool isNew = context.Attributes.Flag("new_axis", false);
        if (context.Stacked(0) is { } stacked)
        {
            context.SetOutput(0, new TensorValue(context.Join(stacked, Axis(context, stacked.Stack.Shape.Rank - (isNew ? 0 : 1)), isNew)));
            return;
        }

        if (context.Joined(0) is { } joined)
        {
            bool isAlong = !isNew && Axis(context, joined.Joined.Shape.Rank) == joined.Axis;
            context.SetOutput(0, new TensorValue(isAlong ? joined.Joined : throw context.FailNotConstant($"input 0 is {joined.Describe()}, which is the only one that they can be joined along")));
            return;
        }

        SequenceValue sequence = context.Sequence(0);
        Value[] tensors = sequence.Tensors.ToArray();
        if (tensors.Length == 0)
        {
            throw context.Fail(DiagnosticCodes.ShapeMismatch, "the sequence is empty");
        }

        if (!context.Attributes.Has("axis"))
        {
            throw context.Fail(DiagnosticCodes.GraphMalformed, "the attribute 'axis' is missing");
        }

        long axis = context.Attributes.Int("axis", 0);
        IEnumerable<Value> parts = tensors;
        if (isNew)
        {
            Value axes = context.Constant(Tensor.Vector(axis), "axes");
            parts = tensors.Select(t => context.Insert("Unsqueeze", new[] { t, axes })).ToArray();
        }

        context.SetOutput(0, new TensorValue(context.Insert("Concat", parts, ("axis", axis))));
    }

    private static int Axis(StructureContext context, int rank) => Shape.TryNormalizeAxis(context.Attributes.Int("axis", 0), rank, out int axis)
        ? axis
        : throw context.Fail(DiagnosticCodes.ShapeMismatch, $"axis {context.Attributes.Int("axis", 0)} is outside [-{rank}, {rank - 1}]");
}
