using System.Collections.Generic;
using System.Linq;
using AotCompiler.Ir;
using AotCompiler.Operators;
using AotCompiler.Operators.Linear;

namespace AotCompiler.Optimization;

/// <summary>
/// Convolutions whose weights are computed at run time, as those that a style modulates, where these cannot be packed before the product
/// (<see cref="Conv.PacksAtRunTime"/>): the cells that each tap reads are gathered side by side, and one product of matrices per group sums
/// them, y[n, g, m, p] = Σ over (c, tap) of w[g, m, (c, tap)] · x'[n, g, (c, tap), p].
/// </summary>
internal sealed class RunTimeWeights : NodePass
{
    /// <summary>More taps than this are left to the plain loops: each tap is a step of its own.</summary>
    private const int MaxTaps = 128;

    protected override bool Visit(Node node, GraphRewriter rewriter)
    {
        if (!Applies(node) || Conv.PacksAtRunTime(node))
        {
            return false;
        }

        if (node.Input(2) is { IsConstant: false } level && Conv.CanPackAtRunTime(node))
        {
            Value product = rewriter.InsertLike(node, new[] { node.Required(0), node.Required(1) });
            rewriter.ReplaceNode(node, AddBias(node, product, level, rewriter));
            return true;
        }

        SpatialWindow window = Conv.Window(node);
        if (window.Taps > MaxTaps)
        {
            return false;
        }

        Shape y = node.Output.Shape;
        int groups = Conv.Groups(node);
        Value columns = Columns(node, window, groups, rewriter);
        Value weights = rewriter.Reshape(node.Required(1), new Shape(1, groups, y[1] / groups, columns.Shape[2]), $"{node.Name}.weights");
        Value result = rewriter.Reshape(rewriter.Insert("MatMul", node.Name, new[] { weights, columns }), y, node.Name);
        rewriter.ReplaceNode(node, node.Input(2) is { } bias ? AddBias(node, result, bias, rewriter) : result);
        return true;
    }

    private static Value AddBias(Node node, Value y, Value bias, GraphRewriter rewriter)
    {
        Value level = rewriter.Reshape(bias, new Shape(new[] { y.Shape[1] }.Concat(Enumerable.Repeat(1, y.Shape.Rank - 2)).ToArray()), $"{node.Name}.bias");
        return rewriter.Insert("Add", node.Name, new[] { y, level });
    }

    private static bool Applies(Node node) => node.Is("Conv")
        && node.Required(0) is { Type: ElementType.Float32, Shape: { IsDynamic: false } }
        && !node.Required(1).IsConstant
        && !node.Required(1).Shape.IsDynamic
        && node.Required(1).Shape.ElementCount > 0
        && node.Output.Shape.ElementCount > 0;

    /// <summary>What the taps read, [batch, groups, channels of a group · taps, positions].</summary>
    private static Value Columns(Node node, SpatialWindow window, int groups, GraphRewriter rewriter)
    {
        Value x = Padded(node, window, rewriter);
        Shape y = node.Output.Shape;
        int channels = node.Required(1).Shape[1];
        int positions = (int)y.Product(2, y.Rank);
        var tapShape = new Shape(y[0], groups, channels, 1, positions);
        Value[] taps = Enumerable.Range(0, window.Taps)
            .Select(tap => rewriter.Reshape(Tap(node, x, window, tap, rewriter), tapShape, $"{node.Name}.tap"))
            .ToArray();
        Value joined = taps.Length == 1 ? taps[0] : rewriter.Insert("Concat", $"{node.Name}.columns", taps, ("axis", 3L));
        return rewriter.Reshape(joined, new Shape(y[0], groups, channels * taps.Length, positions), $"{node.Name}.columns");
    }

    private static Value Padded(Node node, SpatialWindow window, GraphRewriter rewriter)
    {
        if (window.IsUnpadded)
        {
            return node.Required(0);
        }

        long[] pads = new long[] { 0, 0 }.Concat(window.PadsBefore.Select(static p => (long)p))
            .Concat(new long[] { 0, 0 })
            .Concat(Enumerable.Range(0, window.Rank).Select(d => (long)System.Math.Max(0, window.Overhang(d))))
            .ToArray();
        return rewriter.Insert("Pad", $"{node.Name}.pad", new[] { node.Required(0), Ints(rewriter, node, pads) });
    }

    /// <summary>The cells that one tap reads for all positions; taps are numbered in row-major order.</summary>
    private static Value Tap(Node node, Value x, SpatialWindow window, int tap, GraphRewriter rewriter)
    {
        var starts = new long[window.Rank];
        for (int d = window.Rank - 1; d >= 0; d--)
        {
            starts[d] = (long)(tap % window.Kernel[d]) * window.Dilations[d];
            tap /= window.Kernel[d];
        }

        IEnumerable<int> dimensions = Enumerable.Range(0, window.Rank);
        return dimensions.All(d => starts[d] == 0 && window.Strides[d] == 1 && window.Output[d] == x.Shape[d + 2])
            ? x
            : rewriter.Insert("Slice", $"{node.Name}.tap", new[]
            {
                x,
                Ints(rewriter, node, starts),
                Ints(rewriter, node, dimensions.Select(d => starts[d] + ((long)(window.Output[d] - 1) * window.Strides[d]) + 1).ToArray()),
                Ints(rewriter, node, dimensions.Select(static d => d + 2L).ToArray()),
                Ints(rewriter, node, window.Strides.Select(static s => (long)s).ToArray()),
            });
    }

    private static Value Ints(GraphRewriter rewriter, Node node, params long[] values) => rewriter.Constant(Tensor.Vector(values), $"{node.Name}.ints");
}
