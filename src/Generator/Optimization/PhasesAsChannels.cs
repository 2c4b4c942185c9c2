using System;
using System.Collections.Generic;
using System.Linq;
using AotCompiler.Ir;
using AotCompiler.Operators;
using AotCompiler.Operators.Linear;

namespace AotCompiler.Optimization;

/// <summary>
/// Transposed convolutions as ordinary ones whose output channels are the cells between two input cells: with k = stride · q + p,
/// the outputs stride · v + p of the untrimmed result are Σ over c, q of w[c, m, stride · q + p] · x[c, v − q], a convolution with ⌈kernel / stride⌉ taps for
/// each (m, p). The phases are then put side by side and the padding is cut off. Pays where outputs have too few channels to fill a block of
/// 16, which the phases then share, and for weights of run time, which have no panels for each phase.
/// </summary>
internal sealed class PhasesAsChannels : NodePass
{
    /// <summary>Products that cost as much as putting one output in its place.</summary>
    private const int ProductsOfMove = 64;

    /// <summary>More phases than this need more memory than they save work.</summary>
    private const int MaxPhases = 1024;

    protected override bool Visit(Node node, GraphRewriter rewriter)
    {
        if (!Applies(node))
        {
            return false;
        }

        TransposedWindow window = TransposedWindow.Of(node);
        int[] taps = Enumerable.Range(0, window.Rank).Select(window.TapsOfPhase).ToArray();
        if (!window.HasUnitDilations || !Pays(node, window, taps))
        {
            return false;
        }

        int groups = (int)node.Attributes.Int("group", 1);
        Value y = Convolve(node, window, groups, taps, rewriter);
        rewriter.ReplaceNode(node, Trim(node, window, SideBySide(node, window, y, rewriter), rewriter));
        return true;
    }

    private static bool Applies(Node node) => node.Is("ConvTranspose")
        && node.Required(0) is { Type: ElementType.Float32, Shape: { Rank: <= 5 } x }
        && !node.Required(1).Shape.IsDynamic
        && (!x.IsDynamic || (x.Rank <= 4 && !x.IsDynamicAt(1) && node.Required(1).IsConstant && GrowsWithInput(node)))
        && node.Required(1).Shape.ElementCount > 0
        && node.Output.Shape.ElementCount > 0;

    /// <summary>True if each cell more makes a stride of outputs more, so that what is trimmed is the same at all sizes of the run.</summary>
    private static bool GrowsWithInput(Node node) => node.Attributes.String("auto_pad", "NOTSET") is "NOTSET" or "VALID" or ""
        && node.Attributes.Ints("output_shape") is null or { Length: 0 };

    /// <summary>True if the work in whole blocks of outputs shrinks by more than the moves cost. Weights of run time have only plain loops else.</summary>
    private static bool Pays(Node node, TransposedWindow window, int[] taps)
    {
        long phases = window.Strides.Aggregate(1L, static (product, s) => Math.Min(int.MaxValue, product * s));
        if (phases > MaxPhases)
        {
            return false;
        }

        if (!node.Required(1).IsConstant)
        {
            return true;
        }

        int outputs = node.Output.Shape[1];
        long now = TransposedConvLowering.Products(outputs, window.Taps);
        long then = TransposedConvLowering.Products(outputs * phases, taps.Aggregate(1L, static (product, q) => product * q));
        return node.Attributes.Int("group", 1) == 1
            && (now - then) * node.Required(0).Shape[1] >= ProductsOfMove * outputs * phases;
    }

    /// <summary>All phases of all cells, [batch, outputs · phases, cells + taps − 1, …].</summary>
    private static Value Convolve(Node node, TransposedWindow window, int groups, int[] taps, GraphRewriter rewriter)
    {
        var inputs = new List<Value?> { node.Required(0), Weights(node, window, groups, taps, rewriter) };
        int phases = window.Strides.Aggregate(1, static (product, s) => product * s);
        if (node.Input(2) is { } bias)
        {
            int outputs = node.Output.Shape[1];
            Value column = rewriter.Reshape(bias, new Shape(outputs, 1), $"{node.Name}.bias");
            Value table = GraphRewriter.Fold(rewriter.Insert("Expand", $"{node.Name}.bias", new[] { column, Ints(rewriter, node, new long[] { outputs, phases }) }));
            inputs.Add(rewriter.Reshape(table, new Shape(outputs * phases), $"{node.Name}.bias"));
        }

        long[] pads = taps.Concat(taps).Select(static q => q - 1L).ToArray();
        return rewriter.Insert("Conv", node.Name, inputs, ("pads", pads), ("group", (long)groups));
    }

    /// <summary>The weights [inputs, outputs of a group, kernel…] as [outputs · phases, inputs of a group, taps…], the last tap first.</summary>
    private static Value Weights(Node node, TransposedWindow window, int groups, int[] taps, GraphRewriter rewriter)
    {
        Value weights = node.Required(1);
        int rank = window.Rank;
        int[] axes = Enumerable.Range(0, rank).ToArray();
        (int inputs, int outputs) = (weights.Shape[0] / groups, weights.Shape[1]);
        long[] missing = axes.Select(d => ((long)taps[d] * window.Strides[d]) - window.Kernel[d]).ToArray();
        string name = $"{node.Name}.weights";
        if (missing.Any(static m => m > 0))
        {
            long[] pads = new long[rank + 4].Concat(missing).ToArray();
            weights = GraphRewriter.Fold(rewriter.Insert("Pad", name, new[] { weights, Ints(rewriter, node, pads) }));
        }

        IEnumerable<int> split = axes.SelectMany(d => new[] { taps[d], window.Strides[d] });
        weights = rewriter.Reshape(weights, new Shape(new[] { groups, inputs, outputs }.Concat(split).ToArray()), name);
        long[] last = axes.Select(d => (long)taps[d] - 1).ToArray();
        weights = GraphRewriter.Fold(rewriter.Insert("Slice", name, new[]
        {
            weights,
            Ints(rewriter, node, last),
            Ints(rewriter, node, axes.Select(static _ => -(long)int.MaxValue).ToArray()),
            Ints(rewriter, node, axes.Select(static d => 3L + (2 * d)).ToArray()),
            Ints(rewriter, node, axes.Select(static _ => -1L).ToArray()),
        }));
        long[] order = new long[] { 0, 2 }.Concat(axes.Select(static d => 4L + (2 * d))).Append(1).Concat(axes.Select(static d => 3L + (2 * d))).ToArray();
        weights = GraphRewriter.Fold(rewriter.Insert("Transpose", name, new[] { weights }, ("perm", order)));
        int phases = window.Strides.Aggregate(1, static (product, s) => product * s);
        return rewriter.Reshape(weights, new Shape(new[] { groups * outputs * phases, inputs }.Concat(taps).ToArray()), name);
    }

    /// <summary>Phases from channels to the cells they stand for: [batch, outputs, stride · (cells + taps − 1), …].</summary>
    private static Value SideBySide(Node node, TransposedWindow window, Value y, GraphRewriter rewriter)
    {
        Extent[] outer = { y.Shape.Extent(0), node.Output.Shape[1] };
        int[] axes = Enumerable.Range(0, window.Rank).ToArray();
        Extent[] cells = y.Shape.Extents.Skip(2).ToArray();
        IEnumerable<Extent> strides = window.Strides.Select(static s => (Extent)s);
        Value phases = rewriter.Reshape(y, new Shape(outer.Concat(strides).Concat(cells)), $"{node.Name}.phases");
        long[] order = new long[] { 0, 1 }.Concat(axes.SelectMany(d => new long[] { 2 + window.Rank + d, 2 + d })).ToArray();
        Value moved = rewriter.Insert("Transpose", $"{node.Name}.phases", new[] { phases }, ("perm", order));
        return rewriter.Reshape(moved, new Shape(outer.Concat(axes.Select(d => cells[d] * (Extent)window.Strides[d]))), $"{node.Name}.whole");
    }

    private static Value Trim(Node node, TransposedWindow window, Value whole, GraphRewriter rewriter)
    {
        if (whole.Shape.Equals(node.Output.Shape))
        {
            return whole;
        }

        int[] axes = Enumerable.Range(0, window.Rank).ToArray();
        IEnumerable<Extent> ends = axes.Select(d => Extent.Of(node.Output.Shape.Extent(d + 2).Expression + Size.Of(window.PadsBefore[d])));
        return rewriter.Insert("Slice", node.Name, new[]
        {
            whole,
            Ints(rewriter, node, axes.Select(d => (long)window.PadsBefore[d]).ToArray()),
            rewriter.ShapeValue(new Shape(ends), $"{node.Name}.ends"),
            Ints(rewriter, node, axes.Select(static d => d + 2L).ToArray()),
        });
    }

    private static Value Ints(GraphRewriter rewriter, Node node, long[] values) => rewriter.Constant(Tensor.Vector(values), $"{node.Name}.ints");
}
