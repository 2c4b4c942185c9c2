using System;
using System.Collections.Generic;
using System.Linq;
using AotCompiler.Ir;
using AotCompiler.Operators;
using AotCompiler.Operators.Linear;

namespace AotCompiler.Optimization;

/// <summary>
/// Convolutions that read the same value, each with few output channels, become one with the channels of all, and so does what follows
/// each of them as long as it is the same: depthwise convolutions, functions of one value. Then blocks of channels are full that
/// would be padding mostly, and the value is read once. Heads of detectors look like this: scores, boxes and landmarks of one map.
/// </summary>
/// <remarks>
/// The parts are cut from the result with its channels last, where a part is a view, whatever channel it begins with. So only branches
/// are joined whose ends need no blocks of channels: all lead to a Transpose, a Reshape or an output.
/// </remarks>
internal sealed class JoinedHeads : NodePass
{
    /// <summary>The work that must be left of that of the branches, for the copies that may be needed in the end.</summary>
    private const double LargestPart = 0.8;

    /// <summary>Longest chain of functions that is followed to a branch's end.</summary>
    private const int MaxDepth = 8;

    protected override bool Visit(Node node, GraphRewriter rewriter)
    {
        if (!IsBranch(node))
        {
            return false;
        }

        SpatialWindow window = Conv.Window(node);
        Node[] branches = node.Required(0).Uses
            .Where(static u => u.Index == 0)
            .Select(static u => u.Node)
            .Where(other => IsBranch(other) && SameWindow(Conv.Window(other), window))
            .OrderBy(static n => n.Name, StringComparer.Ordinal)
            .ToArray();
        if (branches.Length < 2 || !Pays(branches))
        {
            return false;
        }

        IReadOnlyList<Node[]> stages = Stages(branches, rewriter);
        if (!stages[stages.Count - 1].All(n => NeedsNoBlocks(n.Output, rewriter.Graph, MaxDepth)))
        {
            return false;
        }

        Join(stages, rewriter);
        return true;
    }

    /// <summary>An ungrouped convolution whose channels leave a part of a block empty.</summary>
    private static bool IsBranch(Node node) => IsConvolution(node)
        && Conv.Groups(node) == 1
        && !ConvLowering.FillsBlocks(node.Output.Shape[1]);

    private static bool IsConvolution(Node node) => node.Is("Conv")
        && node.Attributes.Int(Conv.ExactSums, 0) == 0
        && !node.Attributes.Has(Conv.GroupInputs)
        && node.Output.Shape is { Rank: 4, IsDynamic: false }
        && Conv.IsFast(node);

    private static bool SameWindow(SpatialWindow a, SpatialWindow b) => a.Rank == b.Rank
        && a.Kernel.SequenceEqual(b.Kernel)
        && a.Strides.SequenceEqual(b.Strides)
        && a.Dilations.SequenceEqual(b.Dilations)
        && a.PadsBefore.SequenceEqual(b.PadsBefore)
        && a.Output.SequenceEqual(b.Output);

    /// <summary>True if one convolution computes sufficiently fewer lanes than all branches.</summary>
    private static bool Pays(Node[] branches)
    {
        Shape weights = branches[0].Required(1).Shape;
        double Work(int outputs) => ConvLowering.BlocksOfWork(weights.With(0, outputs));
        return Work(branches.Sum(static n => n.Output.Shape[1])) <= LargestPart * branches.Sum(n => Work(n.Output.Shape[1]));
    }

    /// <summary>The branches, then what follows all of them alike, step by step.</summary>
    private static IReadOnlyList<Node[]> Stages(Node[] branches, GraphRewriter rewriter)
    {
        var stages = new List<Node[]> { branches };
        while (stages[stages.Count - 1] is var last && last.All(n => rewriter.HasSingleUse(n.Output)))
        {
            Node[] next = last.Select(static n => n.Output.Uses[0].Node).ToArray();
            bool alike = next.Zip(last, static (n, before) => ReferenceEquals(n.Input(0), before.Output)).All(static x => x)
                && (next.All(IsDepthwise) ? next.All(n => SameWindow(Conv.Window(n), Conv.Window(next[0]))) : next.All(n => IsSameFunction(n, next[0])));
            if (!alike)
            {
                break;
            }

            stages.Add(next);
        }

        // A function in the end is cheaper on a part than on lanes that nobody needs, and a convolution before it takes it in anyway.
        while (stages.Count > 1 && stages[stages.Count - 1][0].Operator is not Conv)
        {
            stages.RemoveAt(stages.Count - 1);
        }

        return stages;
    }

    /// <summary>True for a convolution of each channel alone, even if there is only one.</summary>
    private static bool IsDepthwise(Node node) => IsConvolution(node) && Conv.Groups(node) == node.Output.Shape[1] && Conv.Groups(node) == node.Required(0).Shape[1];

    /// <summary>True if two nodes are the same function of one value.</summary>
    private static bool IsSameFunction(Node node, Node other) => IsFunction(node)
        && ReferenceEquals(node.Operator, other.Operator)
        && node.Attributes.Signature() == other.Attributes.Signature();

    private static bool IsFunction(Node node) => node.Operator is ElementwiseOperator && node.Epilogue is null && node.Inputs.Count == 1 && node.Outputs.Count == 1;

    private static bool NeedsNoBlocks(Value value, Graph graph, int depth) => value.Uses.Count == 0
        ? graph.IsOutput(value)
        : depth > 0 && value.Uses.All(u => u.Node.Is("Transpose")
            || (u.Node.Operator is IReshapingOperator && !u.Node.Output.Shape.Equals(value.Shape))
            || (IsFunction(u.Node) && NeedsNoBlocks(u.Node.Output, graph, depth - 1)));

    private static void Join(IReadOnlyList<Node[]> stages, GraphRewriter rewriter)
    {
        Value value = JoinConvolutions(stages[0], stages[0][0].Required(0), 1, rewriter);
        foreach (Node[] stage in stages.Skip(1))
        {
            value = stage[0].Operator is Conv ? JoinConvolutions(stage, value, value.Shape[1], rewriter) : rewriter.InsertLike(stage[0], new[] { value });
        }

        Cut(value, stages[stages.Count - 1], rewriter);
        for (int i = stages.Count - 2; i >= 0; i--)
        {
            foreach (Node node in stages[i])
            {
                node.Remove();
            }
        }
    }

    private static Value JoinConvolutions(Node[] nodes, Value input, int groups, GraphRewriter rewriter)
    {
        Node first = nodes[0];
        Tensor weights = FoldedWeights.Join(nodes.Select(static n => n.Required(1).Constant!).ToArray());
        Value? bias = nodes.All(static n => n.Input(2) is null)
            ? null
            : rewriter.Constant(FoldedWeights.Join(nodes.Select(static n => n.Input(2)?.Constant ?? ElementEvaluation.Fill(ElementType.Float32, new Shape(n.Output.Shape[1]), 0)).ToArray()), $"{first.Name}.bias");
        AttributeMap attributes = first.Attributes.Clone();
        attributes.Set("group", (long)groups);
        return rewriter.InsertNode(first.Operator, first.Name, attributes, new[] { input, rewriter.Constant(weights, $"{first.Name}.weight"), bias }, 1, first.Opset)[0];
    }

    /// <summary>Puts the parts of a value in the places of the nodes' results.</summary>
    private static void Cut(Value value, Node[] nodes, GraphRewriter rewriter)
    {
        int last = value.Shape.Rank - 1;
        long[] toEnd = Enumerable.Range(0, value.Shape.Rank).Select(i => i == 0 ? 0L : i == last ? 1 : i + 1).ToArray();
        long[] back = Enumerable.Range(0, value.Shape.Rank).Select(i => i == 0 ? 0L : i == 1 ? last : i - 1).ToArray();
        string name = nodes[0].Name;
        Value channelsLast = rewriter.Insert("Transpose", $"{name}.channels_last", new[] { value }, ("perm", toEnd));
        long start = 0;
        foreach (Node node in nodes)
        {
            long end = start + node.Output.Shape[1];
            Value[] range = new[] { start, end, last }.Select((n, i) => rewriter.Constant(Tensor.Vector(n), $"{node.Name}.{(i == 0 ? "start" : i == 1 ? "end" : "axis")}")).ToArray();
            Value part = rewriter.Insert("Slice", $"{node.Name}.part", new[] { channelsLast }.Concat(range).ToArray());
            rewriter.ReplaceNode(node, rewriter.Insert("Transpose", node.Name, new[] { part }, ("perm", back)));
            start = end;
        }
    }
}
