using System;
using System.Collections.Generic;
using System.Linq;
using AotCompiler.Ir;
using AotCompiler.Operators;
using AotCompiler.Operators.Linear;
using AotCompiler.Operators.Movement;
using AotCompiler.Operators.Normalization;

namespace AotCompiler.Optimization;

/// <summary>
/// Takes a part of an axis before the matrix products that make it instead of behind them, so that rows that nobody reads are not
/// computed: a classifier reads one token of its transformer's last layer, a generator the last one's logits.
/// </summary>
internal sealed class EarlySelection : NodePass
{
    /// <summary>Nodes that one part passes at most, which bounds the search.</summary>
    private const int MaxDepth = 64;

    protected override bool ConsumersFirst => true;

    protected override bool Visit(Node node, GraphRewriter rewriter)
    {
        var passed = new HashSet<Value>();
        if (PartOf(node) is not { } part || !Search(node.Required(0), part, rewriter, MaxDepth, passed))
        {
            return false;
        }

        Value selected = Select(node.Required(0), part, rewriter, passed);
        rewriter.ReplaceNode(node, rewriter.Reshape(selected, node.Output.Shape, node.Name));
        return true;
    }

    /// <summary>The neighbouring elements of one axis that a node takes; null if it does anything else.</summary>
    private static Part? PartOf(Node node)
    {
        if (!(node.Is("Slice") || node.Is("Gather")) || node.Inputs.Any(static v => v is { Shape.IsDynamic: true } or { Sizes: not null }) || node.Output.Shape.ElementCount == 0)
        {
            return null;
        }

        Shape shape = node.Required(0).Shape;
        if (node.Is("Slice"))
        {
            AxisSlice[] slices = Slice.Slices(node).Where(s => s.Count != shape[s.Axis] || s.Step != 1).ToArray();
            return slices.Length == 1 && slices[0].Step == 1 ? new Part(slices[0].Axis, slices[0].Start, slices[0].Count) : null;
        }

        if (node.Required(1).Constant is not { Shape.ElementCount: <= int.MaxValue } indices)
        {
            return null;
        }

        int axis = IndexInputs.AxisOf(node);
        int[] table = IndexInputs.Table(indices, shape[axis]);
        bool neighbours = table.Length < shape[axis] && table.Select((index, i) => index == table[0] + i).All(static next => next);
        return neighbours ? new Part(axis, table[0], table.Length) : null;
    }

    /// <summary>True if the part can be taken before a product that nothing else reads. Collects all values on the ways to such products.</summary>
    private static bool Search(Value value, Part part, GraphRewriter rewriter, int depth, HashSet<Value> passed)
    {
        if (depth == 0 || InputParts(value, part, rewriter) is not { } parts)
        {
            return false;
        }

        Node node = value.Producer!;
        bool pays = node.Is("MatMul") || node.Is("Gemm");
        for (int i = 0; i < parts.Length; i++)
        {
            pays |= parts[i] is { } own && Search(node.Inputs[i]!, own, rewriter, depth - 1, passed);
        }

        if (pays)
        {
            passed.Add(value);
        }

        return pays;
    }

    /// <summary>
    /// The part of a value, made of the parts of what it is made of as long as that leads to products. Beside them only a normalisation is
    /// worth it: what it reads is often read once more, by the sum around it, and both take the same part.
    /// </summary>
    private static Value Select(Value value, Part part, GraphRewriter rewriter, HashSet<Value> passed)
    {
        bool passes = value.Producer?.Operator is LayerNormalization or RMSNormalization || passed.Contains(value);
        if (!passes || InputParts(value, part, rewriter) is not { } parts)
        {
            return GraphRewriter.Fold(rewriter.Slice(value, part.Axis, part.Start, part.Count, value.Name));
        }

        Node node = value.Producer!;
        Value?[] inputs = node.Inputs.Select((input, i) => parts[i] is { } own ? Select(input!, own, rewriter, passed) : input).ToArray();
        return node.Operator is IReshapingOperator
            ? rewriter.Reshape(inputs[0]!, part.Of(value.Shape), node.Name)
            : rewriter.InsertLike(node, inputs);
    }

    /// <summary>The parts of a node's inputs that make a part of its output, null for whole inputs; null if the whole node is needed for it.</summary>
    private static Part?[]? InputParts(Value value, Part part, GraphRewriter rewriter)
    {
        if (value.Producer is not { Epilogue: null } node
            || !ReferenceEquals(node.Output, value)
            || !rewriter.HasSingleUse(value)
            || !rewriter.OnlyFirstOutputUsed(node)
            || node.Inputs.Append(value).Any(static v => v is { Shape.IsDynamic: true }))
        {
            return null;
        }

        return node.Operator switch
        {
            ElementwiseOperator elementwise => OfOperands(node, elementwise.Operands(node), part),
            MatMul => OfProduct(node, part),
            Gemm => OfGemm(node, part),
            Transpose => First(node, part with { Axis = Transpose.Permutation(node)[part.Axis] }),
            IReshapingOperator => OfReshape(node, part),
            SoftmaxOperator => SoftmaxOperator.Axes(node).Contains(part.Axis) ? null : First(node, part),
            LayerNormalization or RMSNormalization => OfNormalization(node, part),
            Concat => OfConcat(node, part),
            _ => null,
        };
    }

    private static Part?[] First(Node node, Part part) => node.Inputs.Select((_, i) => i == 0 ? part : (Part?)null).ToArray();

    private static Part?[] OfOperands(Node node, IReadOnlyList<Value> operands, Part part) =>
        node.Inputs.Select(v => v is not null && operands.Contains(v) ? part.Broadcast(v.Shape, node.Output.Shape.Rank) : null).ToArray();

    private static Part?[]? OfProduct(Node node, Part part)
    {
        int rank = node.Output.Shape.Rank;
        Value left = node.Required(0);
        return left.Shape.Rank < 2 || node.Required(1).Shape.Rank < 2 || part.Axis == rank - 1 ? null
            : part.Axis == rank - 2 ? First(node, part with { Axis = left.Shape.Rank - 2 })
            : OfOperands(node, new[] { left, node.Required(1) }, part);
    }

    private static Part?[]? OfGemm(Node node, Part part) => part.Axis != 0 ? null : node.Inputs.Select((input, i) => i switch
    {
        0 => part with { Axis = node.Attributes.Flag("transA", false) ? 1 : 0 },
        2 when input is not null => part.Broadcast(input.Shape, node.Output.Shape.Rank),
        _ => null,
    }).ToArray();

    /// <summary>Only where the axis has the same elements before and behind it on both sides.</summary>
    private static Part?[]? OfReshape(Node node, Part part)
    {
        Shape source = node.Required(0).Shape;
        Shape target = node.Output.Shape;
        long before = target.Product(0, part.Axis);
        for (int axis = 0; axis < source.Rank; axis++)
        {
            if (source[axis] == target[part.Axis] && source.Product(0, axis) == before)
            {
                return First(node, part with { Axis = axis });
            }
        }

        return null;
    }

    private static Part?[]? OfNormalization(Node node, Part part)
    {
        int rank = node.Output.Shape.Rank;
        Shape.TryNormalizeAxis(node.Attributes.Int("axis", -1), rank, out int axis);
        return part.Axis >= axis ? null : node.Inputs.Select((v, i) => i == 0 ? part : v is null ? null : part.Broadcast(v.Shape, rank)).ToArray();
    }

    private static Part?[]? OfConcat(Node node, Part part)
    {
        Shape.TryNormalizeAxis(node.Attributes.Int("axis", 0), node.Output.Shape.Rank, out int axis);
        return axis == part.Axis ? null : node.Inputs.Select(_ => (Part?)part).ToArray();
    }

    /// <summary>Neighbouring elements of one axis.</summary>
    /// <param name="Axis">The axis.</param>
    /// <param name="Start">The first element.</param>
    /// <param name="Count">How many.</param>
    private readonly record struct Part(int Axis, int Start, int Count)
    {
        /// <summary>A shape with so many elements along the axis.</summary>
        public Shape Of(Shape shape)
        {
            int[] dimensions = shape.ToArray();
            dimensions[Axis] = Count;
            return new Shape(dimensions);
        }

        /// <summary>The part of an operand that broadcasts to a rank; null if it has one element for all along the axis.</summary>
        public Part? Broadcast(Shape operand, int rank)
        {
            int axis = Axis - (rank - operand.Rank);
            return axis < 0 || operand[axis] == 1 ? null : this with { Axis = axis };
        }
    }
}
