using System.Collections.Generic;
using System.Linq;
using AotCompiler.Ir;
using AotCompiler.Operators;
using AotCompiler.Operators.Movement;
using AotCompiler.Operators.Normalization;
using AotCompiler.Operators.Reduction;

namespace AotCompiler.Optimization;

/// <summary>
/// Moves Transpose nodes behind element-wise nodes, reductions, Softmax and Concat, towards the outputs. On the way two of them meet
/// and cancel or join (<see cref="Operator.Simplify"/> of Transpose): graphs converted from channels-last frameworks run
/// channels-first inside. A Transpose moves only where the number of transposed values does not grow.
/// </summary>
internal sealed class TransposeSinking : NodePass
{
    protected override bool Visit(Node node, GraphRewriter rewriter)
    {
        if (node.Epilogue is not null || node.Outputs.Count != 1 || node.OperatorInputCount == 0)
        {
            return false;
        }

        return node.Operator switch
        {
            ElementwiseOperator elementwise => BehindElementwise(node, elementwise, rewriter),
            Concat => BehindConcat(node, rewriter),
            ReduceOperator => BehindReduction(node, rewriter),
            SoftmaxOperator => BehindSoftmax(node, rewriter),
            _ => false,
        };
    }

    private static bool BehindElementwise(Node node, ElementwiseOperator elementwise, GraphRewriter rewriter)
    {
        IReadOnlyList<Value> operands = elementwise.Operands(node);
        Shape shape = node.Output.Shape;
        if (operands.Select(static v => v.MakerOf("Transpose")).FirstOrDefault(t => t is not null && t.Output.Shape.Equals(shape)) is not { } transpose)
        {
            return false;
        }

        int[] perm = Transpose.Permutation(transpose);
        Value[] transposed = operands.Where(v => IsTransposed(v, perm) && v.Shape.Equals(shape)).Distinct().ToArray();
        bool fits = operands.All(v => transposed.Contains(v) || v.Shape.ElementCount == 1 || v.IsConstant);
        if (!fits || !Gains(node, transposed, perm, rewriter))
        {
            return false;
        }

        Value? Before(Value? v) => v is null || !operands.Contains(v) || (v.Shape.ElementCount == 1 && v.Shape.Rank <= shape.Rank) ? v
            : transposed.Contains(v) ? v.Producer!.Input(0)
            : Undo(v, perm, transpose.Name, rewriter);
        Sink(node, rewriter.InsertLike(node, node.Inputs.Select(Before).ToArray()), perm, transpose, rewriter);
        return true;
    }

    private static bool BehindConcat(Node node, GraphRewriter rewriter)
    {
        if (node.Inputs.Select(static v => v.MakerOf("Transpose")).FirstOrDefault(static t => t is not null) is not { } transpose)
        {
            return false;
        }

        int[] perm = Transpose.Permutation(transpose);
        Value[] transposed = node.Inputs.Where(v => IsTransposed(v, perm)).Select(static v => v!).Distinct().ToArray();
        if (!node.Inputs.All(v => v!.IsConstant || transposed.Contains(v)) || !Gains(node, transposed, perm, rewriter))
        {
            return false;
        }

        Shape.TryNormalizeAxis(node.Attributes.Int("axis", 0), node.Output.Shape.Rank, out int axis);
        Value?[] inputs = node.Inputs.Select(v => v!.IsConstant ? Undo(v, perm, transpose.Name, rewriter) : v.Producer!.Input(0)).ToArray();
        Sink(node, rewriter.Insert("Concat", node.Name, inputs, ("axis", (long)perm[axis])), perm, transpose, rewriter);
        return true;
    }

    private static bool BehindReduction(Node node, GraphRewriter rewriter)
    {
        if (node.Input(0).MakerOf("Transpose") is not { } transpose || !rewriter.HasSingleUse(transpose.Output) || ReducedDimensions.Of(node) is not { Axes: { Length: > 0 } axes, Keep: var keep })
        {
            return false;
        }

        int[] perm = Transpose.Permutation(transpose);
        Value reduced = rewriter.Insert(
            node.Operator.Name,
            node.Name,
            new[] { transpose.Input(0), rewriter.Constant(Tensor.Vector(axes.Select(a => (long)perm[a]).OrderBy(static a => a).ToArray()), $"{node.Name}.axes") },
            ("keepdims", keep ? 1L : 0L));
        if (keep)
        {
            Sink(node, reduced, perm, transpose, rewriter);
            return true;
        }

        int[] left = Enumerable.Range(0, perm.Length).Where(i => !axes.Contains(i)).Select(i => perm[i]).ToArray();
        int[] order = left.Select(source => left.Count(other => other < source)).ToArray();
        Sink(node, reduced, order, transpose, rewriter);
        return true;
    }

    /// <summary>Only where all readers undo the Transpose: exporters put one around operators that had to work on the last axis.</summary>
    private static bool BehindSoftmax(Node node, GraphRewriter rewriter)
    {
        if (node.Input(0).MakerOf("Transpose") is not { } transpose || SoftmaxOperator.Axes(node) is not { Length: 1 } axes)
        {
            return false;
        }

        int[] perm = Transpose.Permutation(transpose);
        if (!IsUndone(node.Output, perm, rewriter))
        {
            return false;
        }

        Sink(node, rewriter.Insert(node.Operator.Name, node.Name, new[] { transpose.Input(0) }, ("axis", (long)perm[axes[0]])), perm, transpose, rewriter);
        return true;
    }

    /// <summary>True if all that happens to a value is the inverse transposition.</summary>
    private static bool IsUndone(Value value, int[] perm, GraphRewriter rewriter)
    {
        int[] inverse = Inverse(perm);
        return value.Uses.Count > 0
            && !rewriter.Graph.IsOutput(value)
            && value.Uses.All(u => u.Node.Is("Transpose") && Transpose.Permutation(u.Node).SequenceEqual(inverse));
    }

    private static bool IsTransposed(Value? value, int[] perm) => value.MakerOf("Transpose") is { } t && Transpose.Permutation(t).SequenceEqual(perm);

    /// <summary>
    /// One Transpose is added; at least one goes because nobody else reads it, or because all readers of the result undo it.
    /// </summary>
    private static bool Gains(Node node, Value[] transposed, int[] perm, GraphRewriter rewriter)
    {
        bool freed = transposed.Any(v => !rewriter.Graph.IsOutput(v) && v.Uses.All(u => ReferenceEquals(u.Node, node)))
            && !LeadsOnlyToOutputs(node.Output, rewriter.Graph);
        return freed || IsUndone(node.Output, perm, rewriter);
    }

    /// <summary>
    /// True if nothing but the model's outputs lies behind a value, with other shapes at most: no Transpose can be met there, and
    /// the node that reads through strides now is cheaper than a copy at the end.
    /// </summary>
    private static bool LeadsOnlyToOutputs(Value value, Graph graph) => value.Uses.All(u => u.Node.Operator is IReshapingOperator && LeadsOnlyToOutputs(u.Node.Output, graph))
        && (value.Uses.Count > 0 || graph.IsOutput(value));

    /// <summary>A constant whose transposition by <paramref name="perm"/> is the value with leading dimensions of size 1.</summary>
    private static Value Undo(Value constant, int[] perm, string name, GraphRewriter rewriter)
    {
        var aligned = new Shape(Enumerable.Repeat(1, perm.Length - constant.Shape.Rank).Concat(constant.Shape.Dimensions));
        Value full = rewriter.Reshape(constant, aligned, constant.Name);
        return GraphRewriter.Fold(rewriter.Insert("Transpose", name, new[] { full }, ("perm", Longs(Inverse(perm)))));
    }

    private static void Sink(Node node, Value moved, int[] perm, Node transpose, GraphRewriter rewriter)
    {
        bool identity = perm.Select(static (p, i) => p == i).All(static same => same);
        rewriter.ReplaceNode(node, identity ? moved : rewriter.Insert("Transpose", transpose.Name, new[] { moved }, ("perm", Longs(perm))));
    }

    private static int[] Inverse(int[] perm)
    {
        var inverse = new int[perm.Length];
        for (int i = 0; i < perm.Length; i++)
        {
            inverse[perm[i]] = i;
        }

        return inverse;
    }

    private static long[] Longs(int[] perm) => perm.Select(static p => (long)p).ToArray();
}
