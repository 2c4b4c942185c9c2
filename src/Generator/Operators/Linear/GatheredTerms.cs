using System;
using System.Collections.Generic;
using System.Linq;
using AotCompiler.Ir;
using AotCompiler.Kernels;
using AotCompiler.Lowering;

namespace AotCompiler.Operators.Linear;

/// <summary>
/// Convolutions whose groups of outputs have inputs here and there (<see cref="Conv.GroupInputs"/>): each block of 16 outputs sums the
/// channels of its groups only, and a table says where they lie.
/// </summary>
internal static class GatheredTerms
{
    /// <summary>The contraction without bias and epilogue.</summary>
    /// <param name="node">The node.</param>
    /// <param name="weights">Weights [M, C, taps…] with zeros where a group does not read a channel.</param>
    /// <param name="members">Number of groups, then the channels of each.</param>
    /// <param name="grid">Geometry.</param>
    /// <param name="input">The input with its halo.</param>
    /// <param name="output">The output.</param>
    /// <param name="context">Gives memory.</param>
    public static Contraction Contract(Node node, Tensor weights, long[] members, ConvGrid grid, TensorView input, TensorView output, LoweringContext context)
    {
        int outputs = node.Output.Shape[1];
        int channels = weights.Shape[1];
        int taps = grid.Taps;
        int blocks = Layout.BlockCount(outputs);
        int[][] read = Enumerable.Range(0, blocks).Select(b => ChannelsOf(b, outputs, members)).ToArray();
        int length = read.Max(static r => r.Length) * taps;
        int Product(int m, int t)
        {
            int[] own = read[m / Layout.BlockSize];
            return t < own.Length * taps ? (((m * channels) + own[t / taps]) * taps) + (t % taps) : PanelPacker.Absent;
        }

        string recipe = $"GatheredPanels16[{string.Join(" ", members)}]";
        Tensor panels = PanelPacker.Pack(weights, recipe, 1, outputs, length, Product, isNarrow: context.IsNarrow);
        return new Contraction
        {
            BatchExtents = new Extent[] { node.Output.Shape[0] },
            Blocks = blocks,
            Rows = grid.Rows,
            Positions = grid.Positions,
            Reduction = new[] { new ReductionPart(0, new[] { new ReductionLoop(length, 0) }) },
            Input = grid.Shift(input),
            InputStrides = grid.InputStrides(input.Layout, 0),
            InputStarts = context.Weight(Table(read, length, grid, input.Layout, weights.Recipe), $"{node.Name}.places"),
            HasTermTable = true,
            TermRanges = read.Select(r => new TermRange(r.Length, 0, Layout.BlockSize, (long)r.Length * taps)).ToArray(),
            LastIsHalf = !context.IsNarrow && Contraction.LeavesHalf(outputs, input, output),
            LastLanes = context.LastLanes(outputs),
            PanelWidth = Layout.LanesOf(outputs, context.IsNarrow),
            Weights = context.Weight(panels, $"{node.Name}.weight"),
            WeightBatchStrides = new long[] { 0 },
            Output = output,
            OutputStrides = grid.OutputStrides(output.Layout, blocks),
        };
    }

    /// <summary>The channels that the groups of a block's outputs read, in the order of memory.</summary>
    private static int[] ChannelsOf(int block, int outputs, long[] members)
    {
        int groups = (int)members[0];
        int ofGroup = (members.Length - 1) / groups;
        int first = block * Layout.BlockSize / (outputs / groups);
        int last = (Math.Min(outputs, (block + 1) * Layout.BlockSize) - 1) / (outputs / groups);
        return members.Skip(1 + (first * ofGroup)).Take((last - first + 1) * ofGroup).Select(static c => (int)c).OrderBy(static c => c).ToArray();
    }

    /// <summary>The numbers of terms of all blocks, then the places of their terms, padded to the longest.</summary>
    private static Tensor Table(int[][] read, int length, ConvGrid grid, Layout layout, string recipe)
    {
        var table = new List<int>(read.Length * (length + 1));
        table.AddRange(read.Select(r => r.Length * grid.Taps));
        foreach (int[] channels in read)
        {
            IEnumerable<int> places =
                from c in channels
                from row in Enumerable.Range(0, grid.TapRows)
                from column in Enumerable.Range(0, grid.TapColumns)
                select checked((int)(Place(layout, c) + (row * grid.TapRowStride) + (column * grid.TapColumnStride)));
            table.AddRange(places);
            table.AddRange(Enumerable.Repeat(0, length - (channels.Length * grid.Taps)));
        }

        return Tensor.Create(ElementType.Int32, new Shape(table.Count), table.ToArray(), $"Places({recipe})");
    }

    private static long Place(Layout layout, int channel) =>
        ConvLowering.ChannelOffset(layout, channel) + (layout.IsBlocked ? channel % Layout.BlockSize : 0);
}
