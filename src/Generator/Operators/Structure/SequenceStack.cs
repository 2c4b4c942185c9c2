using System.Collections.Generic;
using System.Linq;
using AotCompiler.Ir;

namespace AotCompiler.Operators;

/// <summary>Sequences as tensors: what a sequence becomes where only a run knows how many elements it has.</summary>
internal static class SequenceStack
{
    /// <summary>Type and shape of the elements of sequences, those of the first that has any; null if they all are empty or their elements differ.</summary>
    public static (ElementType Type, Shape Shape)? ElementOf(params ModelValue[] sequences)
    {
        (ElementType Type, Shape Shape)[] all = sequences
            .SelectMany(static s => s is StackedSequence stacked ? new[] { (stacked.Stack.Type, stacked.Element) } : s.Tensors.Select(static t => (t.Type, t.Shape)))
            .Distinct()
            .ToArray();
        return all.Length == 1 && sequences.All(static s => s is StackedSequence || (s is SequenceValue given && given.Elements.All(static e => e is TensorValue))) ? all[0] : null;
    }

    /// <summary>A sequence as one tensor.</summary>
    /// <param name="graph">The graph that gets the nodes.</param>
    /// <param name="name">Name for people.</param>
    /// <param name="sequence">The sequence, whose elements are of that type and shape.</param>
    /// <param name="element">Type and shape of the elements, which an empty sequence does not say.</param>
    public static Value Of(Graph graph, string name, ModelValue sequence, (ElementType Type, Shape Shape) element)
    {
        if (sequence is StackedSequence { Stack: var stack })
        {
            return stack;
        }

        var rewriter = new GraphRewriter(graph);
        Value[] tensors = sequence.Tensors.ToArray();
        if (tensors.Length == 0)
        {
            return Empty(rewriter, name, element.Type, new Shape(element.Shape.Extents.Prepend(0)));
        }

        Value axes = rewriter.Constant(Tensor.Vector(0), "axes");
        Value[] rows = tensors.Select(t => GraphRewriter.Fold(rewriter.Insert("Unsqueeze", name, new[] { t, axes }))).ToArray();
        return rows.Length == 1 ? rows[0] : GraphRewriter.Fold(rewriter.Insert("Concat", name, rows, ("axis", 0L)));
    }

    /// <summary>A tensor without elements; other dimensions of its shape may be sizes of the run.</summary>
    public static Value Empty(GraphRewriter rewriter, string name, ElementType type, Shape shape) => shape.IsDynamic
        ? rewriter.Insert("ConstantOfShape", name, new[] { rewriter.ShapeValue(shape, name) }, ("value", Tensor.FromBytes(type, new Shape(1), new byte[type.Size()], "zero")))
        : rewriter.Constant(Tensor.FromBytes(type, shape, System.Array.Empty<byte>(), "empty"), name);

    /// <summary>The elements side by side along an axis that they have, or a new one.</summary>
    public static Value Join(Graph graph, string name, StackedSequence sequence, int axis, bool isNew)
    {
        var rewriter = new GraphRewriter(graph);
        Value stack = sequence.Stack;
        if (axis > 0)
        {
            IEnumerable<long> order = Enumerable.Range(1, axis).Append(0).Concat(Enumerable.Range(axis + 1, stack.Shape.Rank - axis - 1)).Select(static a => (long)a);
            stack = GraphRewriter.Fold(rewriter.Insert("Transpose", name, new[] { stack }, ("perm", order.ToArray())));
        }

        IReadOnlyList<Extent> extents = stack.Shape.Extents.ToArray();
        return isNew ? stack : rewriter.Reshape(stack, new Shape(extents.Take(axis).Append(extents[axis] * extents[axis + 1]).Concat(extents.Skip(axis + 2))), name);
    }
}
