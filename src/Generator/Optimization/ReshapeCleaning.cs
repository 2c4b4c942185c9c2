using System.Collections.Generic;
using System.Linq;
using AotCompiler.Ir;
using AotCompiler.Operators;
using AotCompiler.Operators.Reduction;

namespace AotCompiler.Optimization;

/// <summary>
/// Gives all reshaping nodes the form Reshape, joins them, and moves them behind element-wise nodes, so that those meet
/// their producers.
/// </summary>
internal sealed class ReshapeCleaning : NodePass
{
    protected override bool Visit(Node node, GraphRewriter rewriter)
    {
        if (node.Epilogue is not null || node.Outputs.Count != 1)
        {
            return false;
        }

        return node.Operator switch
        {
            IReshapingOperator => Canonicalize(node, rewriter),
            ElementwiseOperator elementwise => MoveBehind(node, elementwise, rewriter),
            ReduceOperator => KeepSpatial(node, rewriter),
            _ => false,
        };
    }

    /// <summary>Squeeze, Unsqueeze, Flatten and chains of them are one Reshape of the first input.</summary>
    private static bool Canonicalize(Node node, GraphRewriter rewriter)
    {
        Value source = node.Required(0);
        while (source.Producer is { Epilogue: null, Operator: IReshapingOperator, Outputs.Count: 1 } before)
        {
            source = before.Required(0);
        }

        if (node.Is("Reshape") && ReferenceEquals(source, node.Input(0)))
        {
            return false;
        }

        rewriter.ReplaceNode(node, rewriter.Reshape(source, node.Output.Shape, node.Name));
        return true;
    }

    /// <summary>A reduction of spatial dimensions keeps them as 1, so that it can stay in a layout with channel blocks.</summary>
    private static bool KeepSpatial(Node node, GraphRewriter rewriter)
    {
        if (ReducedDimensions.Of(node) is not { Keep: false, Axes: { Length: > 0 } axes } || axes[0] < 2)
        {
            return false;
        }

        Value kept = rewriter.Insert(
            node.Operator.Name,
            node.Name,
            new[] { node.Input(0), rewriter.Constant(Tensor.Vector(axes.Select(static a => (long)a).ToArray()), $"{node.Name}.axes") },
            ("keepdims", 1L));
        rewriter.ReplaceNode(node, rewriter.Reshape(kept, node.Output.Shape, node.Name));
        return true;
    }

    /// <summary>
    /// f(reshape(x), c) = reshape(f(x, c)) if c is one number, or runs along dimensions that the Reshape keeps; and where x is a product,
    /// f(reshape(x), c) = reshape(f(x, reshape'(c))), so that the product takes f in.
    /// </summary>
    private static bool MoveBehind(Node node, ElementwiseOperator elementwise, GraphRewriter rewriter)
    {
        IReadOnlyList<Value> operands = elementwise.Operands(node);
        Shape shape = node.Output.Shape;
        if (operands.Select(static v => v.MakerOf("Reshape")).FirstOrDefault(r => r is not null && r.Output.Shape.Equals(shape)) is not { } reshape)
        {
            return false;
        }

        Shape inner = reshape.Required(0).Shape;
        bool Reshaped(Value v) => v.MakerOf("Reshape") is { } r && r.Required(0).Shape.Equals(inner) && v.Shape.Equals(shape) && v.Uses.All(u => ReferenceEquals(u.Node, node)) && !rewriter.Graph.IsOutput(v);
        bool rows = IsProduct(reshape.Required(0)) && KeepsRows(inner, shape) && !operands.Any(IsProduct);
        bool Turned(Value v) => rows && v.Shape.Equals(shape);
        bool Fits(Value v) => FitsBoth(v, inner, shape) && !(IsProduct(v) && v.Shape.Equals(shape));
        if (!Reshaped(reshape.Output) || !operands.All(v => Reshaped(v) || Fits(v) || Turned(v)))
        {
            return false;
        }

        Value? Before(Value? v) => v is null || !operands.Contains(v) ? v
            : Reshaped(v) ? v.Producer!.Input(0)
            : !Fits(v) ? rewriter.Reshape(v, inner, v.Name)
            : v.Shape.Rank > inner.Rank ? rewriter.Reshape(v, Trimmed(v.Shape), v.Name)
            : v;
        Value moved = rewriter.InsertLike(node, node.Inputs.Select(Before).ToArray());
        rewriter.ReplaceNode(node, rewriter.Reshape(moved, shape, reshape.Name));
        return true;
    }

    private static bool IsProduct(Value value) => value.MakerOf("Gemm") is not null || value.MakerOf("MatMul") is not null;

    /// <summary>True if the shapes have the same last dimension, so that the tensors have the same rows.</summary>
    private static bool KeepsRows(Shape inner, Shape shape) =>
        !inner.IsDynamic && !shape.IsDynamic && inner.Rank > 0 && shape.Rank > 0 && inner[inner.Rank - 1] == shape[shape.Rank - 1];

    /// <summary>True if the operand broadcasts in the same way to both shapes, which differ only before its dimensions.</summary>
    private static bool FitsBoth(Value operand, Shape first, Shape second)
    {
        Shape own = Trimmed(operand.Shape);
        return own.Rank <= first.Rank
            && own.Rank <= second.Rank
            && (operand.IsConstant || operand.Shape.Rank <= first.Rank)
            && own.Extents.SequenceEqual(first.Extents.Skip(first.Rank - own.Rank))
            && own.Extents.SequenceEqual(second.Extents.Skip(second.Rank - own.Rank));
    }

    /// <summary>The shape without its leading dimensions of size 1.</summary>
    private static Shape Trimmed(Shape shape) => new(shape.Extents.SkipWhile(static d => d == 1));
}
