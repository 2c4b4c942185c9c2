using System;
using System.Collections.Generic;
using System.Linq;
using AotCompiler.Ir;

namespace AotCompiler.Operators;

/// <summary>What the tensors of a <see cref="JoinedSequence"/> have in common.</summary>
/// <param name="Type">Their element type.</param>
/// <param name="Shape">Their shape; the axis in which they differ is 0 long here.</param>
/// <param name="Axis">The axis in which they differ.</param>
/// <param name="Most">The greatest length of it.</param>
internal sealed record JoinForm(ElementType Type, Shape Shape, int Axis, int Most);

/// <summary>Sequences of tensors whose length along one axis differs: what a sequence becomes where only a run knows how many it has, and how long they are.</summary>
internal static class SequenceJoin
{
    /// <summary>The form that the elements of sequences have together; null unless they differ in one axis and have it.</summary>
    /// <param name="known">How many sizes are the same for all elements: those with greater numbers are found anew for each.</param>
    /// <param name="sequences">The sequences.</param>
    public static JoinForm? FormOf(int known, params ModelValue[] sequences)
    {
        if (!sequences.All(static s => s is StackedSequence or JoinedSequence || (s is SequenceValue list && list.Elements.All(static e => e is TensorValue))))
        {
            return null;
        }

        (ElementType Type, Shape Shape)[] elements = sequences.SelectMany(Elements).ToArray();
        if (elements.Length == 0 || elements.Any(e => e.Type != elements[0].Type || e.Shape.Rank != elements[0].Shape.Rank))
        {
            return null;
        }

        int[] different = Enumerable.Range(0, elements[0].Shape.Rank)
            .Where(a => sequences.Any(s => s is JoinedSequence joined && joined.Axis == a) || elements.Any(e => e.Shape.Extent(a) != elements[0].Shape.Extent(a) || IsOwn(e.Shape.Extent(a), known)))
            .ToArray();
        return different.Length == 1
            ? new JoinForm(elements[0].Type, elements[0].Shape.With(different[0], 0), different[0], elements.Max(e => e.Shape[different[0]]))
            : null;
    }

    /// <summary>True if each element finds sizes of its own.</summary>
    public static bool HasOwnSizes(Shape element, int known) => element.Extents.Any(e => IsOwn(e, known));

    /// <summary>A sequence in a form that suits it.</summary>
    /// <param name="graph">The graph that gets the nodes.</param>
    /// <param name="name">Name for people.</param>
    /// <param name="sequence">The sequence.</param>
    /// <param name="form">The form.</param>
    public static JoinedSequence Of(Graph graph, string name, ModelValue sequence, JoinForm form)
    {
        var rewriter = new GraphRewriter(graph);
        switch (sequence)
        {
            case JoinedSequence joined:
                return joined with { Most = form.Most };
            case StackedSequence stacked:
                return new JoinedSequence(SequenceStack.Join(graph, name, stacked, form.Axis, isNew: false), Repeated(rewriter, name, stacked, form.Axis), form.Axis, form.Most);
        }

        Value[] tensors = sequence.Tensors.ToArray();
        if (tensors.Length == 0)
        {
            return new JoinedSequence(SequenceStack.Empty(rewriter, name, form.Type, form.Shape), rewriter.Constant(Tensor.Vector(), name), form.Axis, form.Most);
        }

        Value all = tensors.Length == 1 ? tensors[0] : GraphRewriter.Fold(rewriter.Insert("Concat", name, tensors, ("axis", (long)form.Axis)));
        return new JoinedSequence(all, rewriter.SizeVector(tensors.Select(t => t.Shape.Extent(form.Axis).Expression).ToArray(), JoinedSequence.LengthsOf(name)), form.Axis, form.Most);
    }

    /// <summary>The tensor at a position; a run with a position that the sequence does not have ends with an error.</summary>
    public static Value At(StructureContext context, JoinedSequence sequence, Value position)
    {
        (Value start, Value length) = Place(context, sequence, position);
        Value size = context.SizesIn(length, new[] { new SizeRange(0, sequence.Most) });
        return Take(context, sequence.Joined, sequence.Axis, start, size);
    }

    /// <summary>Cells of an axis of a tensor.</summary>
    /// <param name="context">The node that needs them.</param>
    /// <param name="tensor">The tensor.</param>
    /// <param name="axis">Its axis.</param>
    /// <param name="start">The first cell, one i64.</param>
    /// <param name="size">How many, a constant or a size.</param>
    public static Value Take(StructureContext context, Value tensor, int axis, Value start, Value size)
    {
        Value positions = context.Insert("Add", new[] { context.Insert("Range", new[] { Number(context, 0), size, Number(context, 1) }), start });
        return context.Insert("Gather", new[] { tensor, positions }, ("axis", (long)axis));
    }

    /// <summary>The sequence with a tensor more, which has its form.</summary>
    public static JoinedSequence Insert(StructureContext context, JoinedSequence sequence, Value element, bool atEnd)
    {
        Value length = context.SizeVector(new[] { element.Shape.Extent(sequence.Axis).Expression });
        Value Join(Value all, Value one, int axis) => context.Insert("Concat", atEnd ? new[] { all, one } : new[] { one, all }, ("axis", (long)axis));
        int most = Math.Max(sequence.Most, element.Shape[sequence.Axis]);
        return new JoinedSequence(Join(sequence.Joined, element, sequence.Axis), Join(sequence.Lengths, length, 0), sequence.Axis, most);
    }

    /// <summary>The sequence without the tensor at a position, in a run that has it.</summary>
    public static JoinedSequence Erase(StructureContext context, JoinedSequence sequence, Value position)
    {
        (Value start, Value length) = Place(context, sequence, position);
        Value count = context.Dimension(sequence.Lengths.Shape.Extent(0));
        Value scalar = Scalar(context, position);
        Value number = context.Insert("Where", new[] { context.Insert("Less", new[] { scalar, Number(context, 0) }), context.Insert("Add", new[] { scalar, count }), scalar });
        return sequence with
        {
            Joined = Without(context, sequence.Joined, sequence.Axis, start, context.Insert("Add", new[] { start, length })),
            Lengths = Without(context, sequence.Lengths, 0, number, context.Insert("Add", new[] { number, Number(context, 1) })),
        };
    }

    private static Value Without(StructureContext context, Value tensor, int axis, Value start, Value end)
    {
        Value cells = context.Insert("Range", new[] { Number(context, 0), context.Dimension(tensor.Shape.Extent(axis)), Number(context, 1) });
        Value others = context.Insert("Or", new[] { context.Insert("Less", new[] { cells, start }), context.Insert("GreaterOrEqual", new[] { cells, end }) });
        Value places = context.Insert("Reshape", new[] { context.Insert("NonZero", new[] { others }), context.Constant(Tensor.Vector(-1), "flat") });
        return context.Insert("Gather", new[] { tensor, places }, ("axis", (long)axis));
    }

    /// <summary>Where the tensor at a position begins, and its length.</summary>
    private static (Value Start, Value Length) Place(StructureContext context, JoinedSequence sequence, Value position)
    {
        Value index = Scalar(context, position);
        Value starts = context.Insert("CumSum", new[] { sequence.Lengths, Number(context, 0) }, ("exclusive", 1L));
        return (context.Insert("Gather", new[] { starts, index }, ("axis", 0L)), context.Insert("Gather", new[] { sequence.Lengths, index }, ("axis", 0L)));
    }

    private static Value Scalar(StructureContext context, Value position) =>
        context.Insert("Cast", new[] { context.Insert("Reshape", new[] { position, context.Constant(Tensor.Vector(), "scalar") }) }, ("to", (long)(int)ElementType.Int64));

    private static Value Number(StructureContext context, long value) => context.Constant(Tensor.Create(ElementType.Int64, Shape.Scalar, new[] { value }), "number");

    private static IEnumerable<(ElementType Type, Shape Shape)> Elements(ModelValue sequence) => sequence switch
    {
        StackedSequence stacked => new[] { (stacked.Stack.Type, stacked.Element) },
        JoinedSequence joined => new[] { (joined.Joined.Type, joined.Joined.Shape.With(joined.Axis, joined.Most)) },
        _ => sequence.Tensors.Select(static t => (t.Type, t.Shape)),
    };

    private static bool IsOwn(Extent extent, int known) => extent.Size is { } size && size.Variables.Any(v => v.Ordinal >= known);

    private static Value Repeated(GraphRewriter rewriter, string name, StackedSequence sequence, int axis) => rewriter.Insert("Expand", name, new[]
    {
        rewriter.SizeVector(new[] { sequence.Element.Extent(axis).Expression }, $"{name}.length"),
        rewriter.SizeVector(new[] { sequence.Stack.Shape.Extent(0).Expression }, $"{name}.count"),
    });
}
