using System;
using System.Collections.Generic;
using System.Linq;
using AotCompiler.Ir;
using AotCompiler.Kernels;
using AotCompiler.Lowering;

namespace AotCompiler.Operators.Linear;

/// <summary>The terms of a convolution's sums in the order in which its input is read.</summary>
/// <param name="Order">For each product its index channel · taps + tap in the weights of one output channel; −1 for none.</param>
/// <param name="Parts">The loops that read them.</param>
/// <param name="Name">What distinguishes the order.</param>
internal sealed record ConvTerms(IReadOnlyList<int> Order, IReadOnlyList<ReductionPart> Parts, string Name)
{
    /// <summary>The terms of the first channels of an input.</summary>
    /// <param name="grid">Geometry.</param>
    /// <param name="input">The input.</param>
    /// <param name="channels">Channels.</param>
    /// <param name="inQuads">True if four codes are a term.</param>
    public static ConvTerms Of(ConvGrid grid, TensorView input, int channels, bool inQuads) => input switch
    {
        _ when !inQuads => OfReals(grid, input.Layout, channels),
        { Layout.IsBlocked: true } => OfBlockedCodes(grid, input.Layout, channels),
        _ => OfPlainCodes(grid, input.Layout, channels),
    };

    /// <summary>True if neighbouring columns of a plain input make terms of codes, and no more of them than its channels would in blocks.</summary>
    public static bool PrefersColumns(SpatialWindow window, int channels)
    {
        int last = window.Rank - 1;
        int columns = window.Kernel[last];
        return window.Dilations[last] == 1 && channels * CodePanels.TermCount(columns) <= CodePanels.TermCount(channels) * columns;
    }

    /// <summary>True if the columns under a window are neighbours in memory, so that one load brings four of them; those of a transposed view are not.</summary>
    public static bool HasNeighbours(SpatialWindow window, Layout layout) => window.Kernel[window.Rank - 1] == 1 || layout.IsContiguousInside;

    /// <summary>The same terms, of channels from another one on.</summary>
    public IReadOnlyList<int> OrderFrom(int channel, int taps) => channel == 0 ? Order : Order.Select(i => i < 0 ? i : i + (channel * taps)).ToArray();

    /// <summary>What a block of outputs needs of the terms.</summary>
    /// <param name="first">Its first input channel.</param>
    /// <param name="end">Behind its last one.</param>
    /// <param name="unit">Channels of a cell: 16 in blocks, else 1.</param>
    /// <param name="taps">Taps of the window.</param>
    /// <param name="exact">True if sums may begin and end within a cell.</param>
    public TermRange Range(int first, int end, int unit, int taps, bool exact)
    {
        int cells = ((end + unit - 1) / unit) - (first / unit);
        return exact
            ? new TermRange(cells, unit == 1 ? 0 : first % unit, unit == 1 ? Layout.BlockSize : ((end - 1) % unit) + 1, (long)(end - first) * taps)
            : new TermRange(cells, 0, Layout.BlockSize, cells * (Parts.Sum(static p => p.Length) / Math.Max(1, Parts[0].Loops[0].Extent)));
    }

    /// <summary>The order of terms of f32 for the channels from one to another, which may begin and end within a cell.</summary>
    public static IReadOnlyList<int> OrderOf(int first, int end, int unit, int taps) => (
        from cell in Enumerable.Range(first / unit, ((end + unit - 1) / unit) - (first / unit))
        from tap in Enumerable.Range(0, taps)
        from c in Enumerable.Range(cell * unit, unit)
        where c >= first && c < end
        select (c * taps) + tap).ToArray();

    /// <summary>The loops over those terms for the longest sums: a table says how much of the outermost and the innermost one each needs.</summary>
    public static ReductionPart RangePart(ConvGrid grid, Layout layout, int cells)
    {
        IEnumerable<ReductionLoop> taps = Taps(grid).Where(static l => l.Extent != 1);
        IEnumerable<ReductionLoop> lanes = layout.IsBlocked ? new[] { new ReductionLoop(Layout.BlockSize, 1) } : Array.Empty<ReductionLoop>();
        return new ReductionPart(0, taps.Prepend(new ReductionLoop(cells, layout.Strides[1])).Concat(lanes).ToArray());
    }

    private static ConvTerms OfReals(ConvGrid grid, Layout layout, int channels)
    {
        ReductionLoop[] taps = Taps(grid);
        if (!layout.IsBlocked)
        {
            var all = new ReductionPart(0, Trim(taps.Prepend(new ReductionLoop(channels, layout.Strides[1]))));
            return new ConvTerms(BlockOrder(channels, grid.Taps, 1, 1), new[] { all }, "plain");
        }

        return new ConvTerms(BlockOrder(channels, grid.Taps, Layout.BlockSize, 1), Blocks(layout, channels, taps, 1).ToArray(), "blocked");
    }

    /// <summary>Four neighbouring channels of a block are a term; lanes behind the last channel have weights of zero.</summary>
    private static ConvTerms OfBlockedCodes(ConvGrid grid, Layout layout, int channels) => new(
        BlockOrder(channels, grid.Taps, Layout.BlockSize, CodePanels.Quad),
        Blocks(layout, channels, Taps(grid), CodePanels.Quad).ToArray(),
        "codes by channels");

    /// <summary>Four neighbouring columns of a channel are a term; those behind the window have weights of zero.</summary>
    private static ConvTerms OfPlainCodes(ConvGrid grid, Layout layout, int channels)
    {
        int terms = CodePanels.TermCount(grid.TapColumns);
        IEnumerable<int> order =
            from c in Enumerable.Range(0, channels)
            from row in Enumerable.Range(0, grid.TapRows)
            from column in Enumerable.Range(0, terms * CodePanels.Quad)
            select column < grid.TapColumns ? (c * grid.Taps) + (row * grid.TapColumns) + column : CodePanels.Absent;
        var loops = new[]
        {
            new ReductionLoop(channels, layout.Strides[1]),
            new ReductionLoop(grid.TapRows, grid.TapRowStride),
            new ReductionLoop(terms, CodePanels.Quad),
        };
        return new ConvTerms(order.ToArray(), new[] { new ReductionPart(0, Trim(loops)) }, "codes by columns");
    }

    private static ReductionLoop[] Taps(ConvGrid grid) =>
        new[] { new ReductionLoop(grid.TapRows, grid.TapRowStride), new ReductionLoop(grid.TapColumns, grid.TapColumnStride) };

    /// <summary>Loops over blocks of channels and taps; channels of a last, partly filled block are a part of their own.</summary>
    private static IEnumerable<ReductionPart> Blocks(Layout layout, int channels, ReductionLoop[] taps, int unit)
    {
        int full = channels / Layout.BlockSize;
        int rest = (channels % Layout.BlockSize + unit - 1) / unit;
        if (full > 0)
        {
            yield return new ReductionPart(0, Trim(taps.Prepend(new ReductionLoop(full, layout.Strides[1])).Append(new ReductionLoop(Layout.BlockSize / unit, unit))));
        }

        if (rest > 0)
        {
            yield return new ReductionPart(full * layout.Strides[1], Trim(taps.Append(new ReductionLoop(rest, unit))));
        }
    }

    /// <summary>By blocks of channels, then taps, then channels of the block, whole units of them.</summary>
    private static int[] BlockOrder(int channels, int taps, int block, int unit)
    {
        var order = new List<int>(channels * taps);
        for (int start = 0; start < channels; start += block)
        {
            int end = Math.Min(channels, start + block);
            int padded = start + ((end - start + unit - 1) / unit * unit);
            for (int tap = 0; tap < taps; tap++)
            {
                for (int c = start; c < padded; c++)
                {
                    order.Add(c < end ? (c * taps) + tap : CodePanels.Absent);
                }
            }
        }

        return order.ToArray();
    }

    private static IReadOnlyList<ReductionLoop> Trim(IEnumerable<ReductionLoop> loops)
    {
        ReductionLoop[] kept = loops.Where(static l => l.Extent != 1).ToArray();
        return kept.Length == 0 ? new[] { new ReductionLoop(1, 0) } : kept;
    }
}
