using System;
using System.Collections.Generic;
using System.Linq;
using AotCompiler.Diagnostics;
using AotCompiler.Ir;

namespace AotCompiler.Operators;

/// <summary>SplitToSequence: parts of a tensor along an axis as a sequence; views, not copies.</summary>
/// <remarks>
/// Spec: https://onnx.ai/onnx/operators/onnx__SplitToSequence.html. Opset 24 only widened types. Without lengths every part has length 1,
/// and without <c>keepdims</c> no axis. Lengths, or an axis, that only a run knows: <see cref="SplitAtRunTime"/>.
/// </remarks>
internal sealed class SplitToSequence : StructuralOperator
{
    /// <summary>Every part is a value of the graph, mostly an output of the model too: this many are compiled within a second.</summary>
    private const int MaxParts = 2048;

    public SplitToSequence()
        : base("SplitToSequence")
    {
    }

    public override int Since => 11;

    public override (int Min, int Max) InputCount => (1, 2);

    public override void Import(StructureContext context)
    {
        Value input = context.Tensor(0);
        if (!Shape.TryNormalizeAxis(context.Attributes.Int("axis", 0), input.Shape.Rank, out int axis))
        {
            throw context.Fail(DiagnosticCodes.ShapeMismatch, $"axis {context.Attributes.Int("axis", 0)} is outside the input");
        }

        Value axes = context.Constant(Tensor.Vector(axis), "axes");
        bool squeeze = context.Input(1) is null && !context.Attributes.Flag("keepdims", true);
        if (input.Shape.IsDynamicAt(axis) && SplitOf(context) is null)
        {
            context.SetOutput(0, Stack(context, input, axis, squeeze));
            return;
        }

        if (SplitOf(context) is { } split && (input.Shape.IsDynamicAt(axis) || !split.IsConstant))
        {
            context.SetOutput(0, SplitAtRunTime.Of(context, input, axis, split));
            return;
        }

        var parts = new List<ModelValue>();
        long start = 0;
        foreach (long length in Lengths(context, input.Shape[axis]))
        {
            Value part = context.Insert("Slice", new[]
            {
                input,
                context.Constant(Tensor.Vector(start), "start"),
                context.Constant(Tensor.Vector(start + length), "end"),
                axes,
            });
            parts.Add(new TensorValue(squeeze ? context.Insert("Squeeze", new[] { part, axes }) : part));
            start += length;
        }

        context.SetOutput(0, new SequenceValue(parts));
    }

    /// <summary>As many parts of length 1 as the run says.</summary>
    private static StackedSequence Stack(StructureContext context, Value input, int axis, bool squeeze)
    {
        IEnumerable<int> order = Enumerable.Range(0, input.Shape.Rank).Where(a => a != axis).Prepend(axis);
        Value front = axis == 0 ? input : context.Insert("Transpose", new[] { input }, ("perm", order.Select(static a => (long)a).ToArray()));
        return new StackedSequence(squeeze ? front : context.Insert("Unsqueeze", new[] { front, context.Constant(Tensor.Vector(axis + 1), "axes") }));
    }

    /// <summary>The lengths of the parts; null if all are 1.</summary>
    private static Value? SplitOf(StructureContext context) => context.OptionalTensor(1) switch
    {
        null => null,
        { Type: not (ElementType.Int64 or ElementType.Int32) } or { Shape.Rank: > 1 } => throw context.Fail(DiagnosticCodes.ShapeMismatch, "input 1 ('split') must be an integer or a list of integers"),
        { Shape.Rank: 0, Constant: { } one } when one.ToInt64Array()[0] == 1 => null,
        { } split => split,
    };

    private static IReadOnlyList<long> Lengths(StructureContext context, int extent)
    {
        if (context.OptionalTensor(1) is not { } split)
        {
            return Chunks(context, extent, 1);
        }

        long[] given = split.Constant!.ToInt64Array();
        if (split.Shape.Rank == 0)
        {
            return Chunks(context, extent, given[0]);
        }

        if (given.Any(l => l < 0 || l > extent) || given.Sum() != extent)
        {
            throw context.Fail(DiagnosticCodes.ShapeMismatch, $"the {given.Length} lengths do not add up to {extent}");
        }

        RequireFew(context, given.Length);
        return given;
    }

    private static IReadOnlyList<long> Chunks(StructureContext context, int extent, long length)
    {
        if (length < 1)
        {
            throw context.Fail(DiagnosticCodes.ShapeMismatch, $"parts have length {length}");
        }

        RequireFew(context, (extent / length) + (extent % length == 0 ? 0 : 1));
        var result = new List<long>();
        for (long start = 0; start < extent; start += length)
        {
            result.Add(Math.Min(length, extent - start));
        }

        return result;
    }

    private static void RequireFew(StructureContext context, long parts)
    {
        if (parts > MaxParts)
        {
            throw context.Fail(DiagnosticCodes.TooLarge, $"the sequence has {parts} parts; at most {MaxParts} are supported");
        }
    }
}
