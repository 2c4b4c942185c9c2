using System.Collections.Generic;
using System.Linq;
using AotCompiler.Diagnostics;
using AotCompiler.Ir;

namespace AotCompiler.Operators;

/// <summary>SplitToSequence of lengths that are data, or along an axis of the run into parts that are longer than 1.</summary>
internal static class SplitAtRunTime
{
    /// <summary>So many parts are tensors of their own, each with steps and an actual length; more stay side by side, which costs nothing.</summary>
    private const int MaxTensors = 64;

    /// <summary>The parts: as many tensors as there are lengths where those are known to be few, else the tensor itself with the lengths of its parts.</summary>
    /// <param name="context">The node.</param>
    /// <param name="input">What is split.</param>
    /// <param name="axis">Its axis.</param>
    /// <param name="split">One length for all parts but the last, or one for each; a run in which they do not add up to the axis ends with an error.</param>
    public static ModelValue Of(StructureContext context, Value input, int axis, Value split)
    {
        Extent length = input.Shape.Extent(axis);
        if (split.Shape.Rank == 0)
        {
            return new JoinedSequence(input, Chunks(context, length, split), axis, (int)System.Math.Min(length.Maximum, split.Constant?.ToInt64Array()[0] ?? int.MaxValue));
        }

        Value lengths = context.Insert("Cast", new[] { split }, ("to", (long)(int)ElementType.Int64));
        RequireSum(context, lengths, length);
        return split.Shape.IsDynamic || split.Shape[0] > MaxTensors
            ? new JoinedSequence(input, lengths, axis, length.Maximum)
            : new SequenceValue(Parts(context, input, axis, lengths));
    }

    /// <summary>Parts of one length, the last of what is left.</summary>
    private static Value Chunks(StructureContext context, Extent length, Value split)
    {
        if (split.Constant is { } known && known.ToInt64Array()[0] < 1)
        {
            throw context.Fail(DiagnosticCodes.ShapeMismatch, $"parts have length {known.ToInt64Array()[0]}");
        }

        Value Op(string op, params Value[] inputs) => context.Insert(op, inputs);
        Value chunk = context.Insert("Cast", new[] { split }, ("to", (long)(int)ElementType.Int64));
        Value whole = context.Dimension(length);
        Value one = Number(context, 1);
        if (!chunk.IsConstant)
        {
            context.Require(Op("GreaterOrEqual", chunk, one), expected: true);
            chunk = Op("Max", chunk, one);
        }

        Value count = Op("Div", Op("Add", whole, Op("Sub", chunk, one)), chunk);
        count = count.IsConstant || count.Sizes?.Elements is not null ? count : context.SizesIn(count, new[] { new SizeRange(0, length.Maximum) });
        Value starts = Op("Mul", Op("Range", Number(context, 0), count, one), chunk);
        return Op("Min", Op("Sub", whole, starts), chunk);
    }

    private static ModelValue[] Parts(StructureContext context, Value input, int axis, Value lengths)
    {
        int count = lengths.Shape[0];
        Value sizes = lengths.IsConstant || lengths.Sizes?.Elements is not null
            ? lengths
            : context.SizesOf(lengths) ?? context.SizesIn(lengths, Enumerable.Repeat(new SizeRange(0, input.Shape[axis]), count).ToArray());
        Size[] each = sizes.Constant is { } known ? known.ToInt64Array().Select(Size.Of).ToArray() : sizes.Sizes!.Elements!.ToArray();
        Value starts = context.Insert("CumSum", new[] { lengths, Number(context, 0) }, ("exclusive", 1L));
        return each.Select((size, i) =>
        {
            Value start = context.Insert("Gather", new[] { starts, Number(context, i) });
            return new TensorValue(SequenceJoin.Take(context, input, axis, start, context.Dimension(Extent.Of(size))));
        }).ToArray();
    }

    private static void RequireSum(StructureContext context, Value lengths, Extent whole)
    {
        Value sum = context.Insert("ReduceSum", new[] { lengths, context.Constant(Tensor.Vector(0), "axes") }, ("keepdims", 0L));
        Value fits = context.Insert("Equal", new[] { sum, context.Dimension(whole) });
        Value least = context.Insert("ReduceMin", new[] { lengths, context.Constant(Tensor.Vector(0), "axes") }, ("keepdims", 0L));
        context.Require(context.Insert("And", new[] { fits, context.Insert("GreaterOrEqual", new[] { least, Number(context, 0) }) }), expected: true);
    }

    private static Value Number(StructureContext context, long value) => context.Constant(Tensor.Create(ElementType.Int64, Shape.Scalar, new[] { value }), "number");
}
