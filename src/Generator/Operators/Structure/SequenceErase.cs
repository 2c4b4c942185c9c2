using System.Linq;
using AotCompiler.Diagnostics;
using AotCompiler.Ir;

namespace AotCompiler.Operators;

/// <summary>SequenceErase: a sequence without the tensor at a position, or without the last.</summary>
/// <remarks>Spec: https://onnx.ai/onnx/operators/onnx__SequenceErase.html. The position must be constant, unless only a run knows how long the sequence is.</remarks>
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
        if (context.Stacked(0) is { } stacked)
        {
            context.SetOutput(0, Erase(context, stacked));
            return;
        }

        if (context.Joined(0) is { } joined)
        {
            Value place = context.OptionalTensor(1) ?? Scalar(context, -1);
            context.SetOutput(0, place.Shape.ElementCount == 1 && place.Type is ElementType.Int64 or ElementType.Int32
                ? SequenceJoin.Erase(context, joined, place)
                : throw context.Fail(DiagnosticCodes.ShapeMismatch, "input 1 ('position') must be one i64 or i32"));
            return;
        }

        SequenceValue sequence = context.Sequence(0);
        int length = sequence.Elements.Count;
        int position = SequencePosition.Of(context, 1, length, length, length - 1);
        context.SetOutput(0, new SequenceValue(sequence.Elements.Where((_, i) => i != position).ToArray()));
    }

    /// <summary>The rows but one, in a run that has it.</summary>
    private static StackedSequence Erase(StructureContext context, StackedSequence sequence)
    {
        Value stack = sequence.Stack;
        Value Ints(params long[] values) => context.Constant(Tensor.Vector(values), "bound");
        Value Rows(long start, long end) => context.Insert("Slice", new[] { stack, Ints(start), Ints(end), Ints(0) });
        Value length = context.Insert("Reshape", new[] { context.Dimension(stack.Shape.Extent(0)), Ints(1) });
        Value? given = context.OptionalTensor(1);
        long? constant = given is { IsConstant: true } ? context.ConstantInt(1, "position") : null;
        if (given is null || constant is 0 or -1)
        {
            context.Require(context.Insert("Greater", new[] { length, Ints(0) }), expected: true);
            return new StackedSequence(constant == 0 ? Rows(1, long.MaxValue) : Rows(0, -1));
        }

        if (given.Type is not (ElementType.Int64 or ElementType.Int32) || given.Shape.ElementCount != 1)
        {
            throw context.Fail(DiagnosticCodes.ShapeMismatch, "input 1 ('position') must be one i64 or i32");
        }

        Value position = context.Insert("Reshape", new[] { context.Insert("Cast", new[] { given }, ("to", (long)(int)ElementType.Int64)), Ints(1) });
        Value isNegative = context.Insert("Less", new[] { position, Ints(0) });
        position = context.Insert("Where", new[] { isNegative, context.Insert("Add", new[] { position, length }), position });
        Value inside = context.Insert("And", new[] { context.Insert("GreaterOrEqual", new[] { position, Ints(0) }), context.Insert("Less", new[] { position, length }) });
        context.Require(inside, expected: true);
        Value numbers = context.Insert("Range", new[] { Scalar(context, 0), context.Dimension(stack.Shape.Extent(0)), Scalar(context, 1) });
        Value others = context.Insert("NonZero", new[] { context.Insert("Not", new[] { context.Insert("Equal", new[] { numbers, position }) }) });
        return new StackedSequence(context.Insert("Gather", new[] { stack, context.Insert("Reshape", new[] { others, Ints(-1) }) }, ("axis", 0L)));
    }

    private static Value Scalar(StructureContext context, long value) => context.Constant(Tensor.Create(ElementType.Int64, Shape.Scalar, new[] { value }), "number");
}
