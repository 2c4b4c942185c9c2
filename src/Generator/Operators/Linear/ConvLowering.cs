using System;
using System.Collections.Generic;
using System.Linq;
using AotCompiler.Ir;
using AotCompiler.Kernels;
using AotCompiler.Lowering;

namespace AotCompiler.Operators.Linear;

/// <summary>
/// Convolution in one or two dimensions as a contraction: output in blocks of 16 channels, input either in blocks too or
/// plain (first layers, channels that do not fill a block). The input has its padding in memory, so no tap is checked.
/// </summary>
internal static class ConvLowering
{
    public static void Lower(Node node, SpatialWindow window, int groups, LoweringContext context)
    {
        TensorView input = ReadInput(node.Required(0), Conv.HaloOf(node), IsRegular(node, groups), context);
        if (WinogradLowering.TryLower(node, window, groups, input, context) || LineWinogradLowering.TryLower(node, window, groups, input, context))
        {
            return;
        }

        Contraction work = Contract(node, ConvGrid.Of(window, input.Layout), groups, input, context.Allocate(node.Output), context);
        context.Add(new ContractionStep(node, node.Name, What(window, groups), work));
    }

    /// <summary>What is computed, for comments: <c>Conv 3×3, stride 2×2</c>.</summary>
    public static string What(SpatialWindow window, int groups)
    {
        string kernel = string.Join("×", window.Kernel.Select(static k => $"{k}"));
        string stride = window.Strides.Any(static s => s != 1) ? $", stride {string.Join("×", window.Strides.Select(static s => $"{s}"))}" : string.Empty;
        string group = groups > 1 ? $", {groups} groups" : string.Empty;
        return $"Conv {kernel}{stride}{group}";
    }

    /// <summary>True if the groups fill blocks of channels.</summary>
    public static bool IsRegular(Node node, int groups) =>
        groups == 1 || (node.Output.Shape[1] / groups % Layout.BlockSize == 0 && node.Required(0).Shape[1] / groups % Layout.BlockSize == 0);

    /// <summary>The contraction of a convolution, epilogue included.</summary>
    /// <param name="node">The node.</param>
    /// <param name="grid">Geometry.</param>
    /// <param name="groups">Groups.</param>
    /// <param name="input">The input with its halo.</param>
    /// <param name="output">The output.</param>
    /// <param name="context">Gives memory.</param>
    public static Contraction Contract(Node node, ConvGrid grid, int groups, TensorView input, TensorView output, LoweringContext context)
    {
        Tensor weights = node.Required(1).Constant!;
        Contraction work = IsRegular(node, groups)
            ? Regular(node, weights, groups, grid, input, output, context)
            : Irregular(node, weights, groups, grid, input, output, context);
        return work with
        {
            BatchExtents = new[] { node.Output.Shape.Extent(0) },
            RowSize = grid.RowsOf(node.Output.Shape).Size,
            PositionSize = grid.PositionsOf(node.Output.Shape).Size,
            Bias = node.Input(2)?.Constant is { } bias ? context.Weight(PanelPacker.PadBias(bias, 1, node.Output.Shape[1]), $"{node.Name}.bias") : null,
            Epilogue = node.Epilogue,
            EpilogueOperands = Operands(node, work.Blocks, context),
            Scratch = EpilogueScratch(node, context),
        };
    }

    /// <summary>The epilogue's operands with the strides of the output's loops.</summary>
    /// <param name="node">The node.</param>
    /// <param name="blocks">Blocks of output channels in a group.</param>
    /// <param name="context">Gives memory.</param>
    public static IReadOnlyList<EpilogueOperand> Operands(Node node, int blocks, LoweringContext context) => node.EpilogueOperands.Select(value =>
    {
        (TensorView view, IReadOnlyList<IterationDimension> dimensions) = ElementwiseOperands.Operand(value, node.Output.Shape, blocked: true, context);
        bool two = dimensions.Count == 5;
        var strides = new OutputStrides(
            new[] { dimensions[0].Stride },
            dimensions[1].Stride * blocks,
            dimensions[1].Stride,
            two ? dimensions[2].Stride : 0,
            dimensions[dimensions.Count - 2].Stride);
        return new EpilogueOperand(view, strides, dimensions[dimensions.Count - 1].Stride);
    }).ToArray();

    /// <summary>Memory for the sums of a tile if the epilogue is too costly to be written for every register; else null.</summary>
    public static TensorView? EpilogueScratch(Node node, LoweringContext context) => node.Epilogue is { IsCheap: false }
        ? context.Scratch($"{node.Name}.sums", ElementType.Float32, new Shape(TileChoice.MaxSums))
        : null;

    /// <summary>Blocked inputs are read as they are. Plain ones too, unless they need padding and have channels enough to gain from blocks.</summary>
    public static TensorView ReadInput(Value source, Halo halo, bool regular, LoweringContext context)
    {
        bool canBlock = LayoutQuery.CanBlock(source) && (regular || source.Shape[1] % Layout.BlockSize == 0);
        bool worthBlocking = context.Layouts.IsBlocked(source) || (!halo.IsEmpty && source.Shape[1] >= Layout.BlockSize / 2);
        return canBlock && worthBlocking ? context.ReadBlocked(source, halo) : context.ReadPadded(source, halo);
    }

    private static Contraction Regular(Node node, Tensor weights, int groups, ConvGrid grid, TensorView input, TensorView output, LoweringContext context)
    {
        int inputs = weights.Shape[1];
        int taps = grid.Taps;
        return Blocks(node, weights, groups, inputs, grid, input, output, "Panels16", (m, c, tap) => (((m * inputs) + c) * taps) + tap, context);
    }

    /// <summary>The contraction of groups that fill blocks.</summary>
    /// <param name="node">The node.</param>
    /// <param name="weights">Constant weights in any order.</param>
    /// <param name="groups">Groups.</param>
    /// <param name="inputs">Input channels of a group.</param>
    /// <param name="grid">Geometry.</param>
    /// <param name="input">The input with its halo.</param>
    /// <param name="output">The output.</param>
    /// <param name="recipe">Name of the weights' order.</param>
    /// <param name="index">Index in the weights of (output channel among all, input channel of its group, tap).</param>
    /// <param name="context">Gives memory.</param>
    public static Contraction Blocks(
        Node node,
        Tensor weights,
        int groups,
        int inputs,
        ConvGrid grid,
        TensorView input,
        TensorView output,
        string recipe,
        Func<int, int, int, int> index,
        LoweringContext context)
    {
        int outputs = node.Output.Shape[1] / groups;
        int taps = grid.Taps;
        int[] order = TermOrder(input.Layout.IsBlocked, inputs, taps);
        Tensor panels = PanelPacker.Pack(
            weights,
            $"{recipe}[{(input.Layout.IsBlocked ? "blocked" : "plain")}]",
            groups,
            outputs,
            inputs * taps,
            (m, t) => index(m, order[t] / taps, order[t] % taps));
        int blocks = Layout.BlockCount(outputs);
        return new Contraction
        {
            BatchExtents = new Extent[] { node.Output.Shape[0] },
            Groups = groups,
            Blocks = blocks,
            Rows = grid.Rows,
            Positions = grid.Positions,
            Reduction = taps == 0 ? Array.Empty<ReductionPart>() : Reduction(grid, input.Layout, inputs).ToArray(),
            Input = grid.Shift(input),
            InputStrides = grid.InputStrides(input.Layout, ChannelOffset(input.Layout, inputs)),
            Weights = context.Weight(panels, $"{node.Name}.weight"),
            WeightBatchStrides = new long[] { 0 },
            Output = output,
            OutputStrides = grid.OutputStrides(output.Layout, blocks),
        };
    }

    /// <summary>
    /// Groups that do not fill blocks: every output block reads the range of input channels that its groups cover, and
    /// weights between a channel and a foreign group are zero.
    /// </summary>
    private static Contraction Irregular(Node node, Tensor weights, int groups, ConvGrid grid, TensorView input, TensorView output, LoweringContext context)
    {
        int outputs = node.Output.Shape[1];
        int channels = node.Required(0).Shape[1];
        int inputsPerGroup = weights.Shape[1];
        int outputsPerGroup = outputs / groups;
        int blocks = Layout.BlockCount(outputs);
        int unit = input.Layout.IsBlocked ? Layout.BlockSize : 1;
        int First(int block) => block * Layout.BlockSize / outputsPerGroup * inputsPerGroup / unit * unit;
        int End(int block) => ((Math.Min(outputs, (block + 1) * Layout.BlockSize) - 1) / outputsPerGroup * inputsPerGroup) + inputsPerGroup;
        int length = Enumerable.Range(0, blocks).Max(b => End(b) - First(b));
        length = (length + unit - 1) / unit * unit;

        // In blocks of channels a sum may end early: only output blocks that hold channels of two groups read both.
        int[] counts = Enumerable.Range(0, blocks).Select(b => (End(b) - First(b) + unit - 1) / unit).ToArray();
        bool uneven = input.Layout.IsBlocked && counts.Any(c => c != counts[0]);
        int[] starts = Enumerable.Range(0, blocks).Select(b => uneven ? First(b) : Math.Min(First(b), channels - length)).ToArray();
        int[] order = TermOrder(input.Layout.IsBlocked, length, grid.Taps);
        int taps = grid.Taps;
        Tensor panels = PanelPacker.Pack(
            weights,
            $"GroupPanels16[{groups} groups, {(input.Layout.IsBlocked ? "blocked" : "plain")}]",
            1,
            outputs,
            length * taps,
            (m, t) =>
            {
                int channel = starts[m / Layout.BlockSize] + (order[t] / taps) - (m / outputsPerGroup * inputsPerGroup);
                return channel >= 0 && channel < inputsPerGroup ? (((m * inputsPerGroup) + channel) * taps) + (order[t] % taps) : PanelPacker.Absent;
            });
        int[] table = starts.Select(s => checked((int)ChannelOffset(input.Layout, s))).Concat(uneven ? counts : Array.Empty<int>()).ToArray();
        Tensor offsets = Tensor.Create(
            ElementType.Int32,
            new Shape(table.Length),
            table,
            $"GroupStarts({weights.Recipe})");
        return new Contraction
        {
            BatchExtents = new Extent[] { node.Output.Shape[0] },
            Blocks = blocks,
            Rows = grid.Rows,
            Positions = grid.Positions,
            Reduction = Reduction(grid, input.Layout, length).ToArray(),
            Input = grid.Shift(input),
            InputStrides = grid.InputStrides(input.Layout, 0),
            InputStarts = context.Weight(offsets, $"{node.Name}.starts"),
            LoopCounts = uneven ? counts : null,
            Weights = context.Weight(panels, $"{node.Name}.weight"),
            WeightBatchStrides = new long[] { 0 },
            Output = output,
            OutputStrides = grid.OutputStrides(output.Layout, blocks),
        };
    }

    /// <summary>Elements from channel 0 to a channel, which is a multiple of 16 in a blocked layout.</summary>
    private static long ChannelOffset(Layout layout, int channel) => layout.IsBlocked
        ? channel / Layout.BlockSize * layout.Strides[1]
        : channel * layout.Strides[1];

    /// <summary>Loops over channels and taps; channels of a last, partly filled block are a part of their own.</summary>
    private static IEnumerable<ReductionPart> Reduction(ConvGrid grid, Layout layout, int channels)
    {
        ReductionLoop[] taps = { new(grid.TapRows, grid.TapRowStride), new(grid.TapColumns, grid.TapColumnStride) };
        if (!layout.IsBlocked)
        {
            yield return new ReductionPart(0, Trim(new[] { new ReductionLoop(channels, layout.Strides[1]) }.Concat(taps)));
            yield break;
        }

        int full = channels / Layout.BlockSize;
        if (full > 0)
        {
            yield return new ReductionPart(0, Trim(new[] { new ReductionLoop(full, layout.Strides[1]) }.Concat(taps).Append(new ReductionLoop(Layout.BlockSize, 1))));
        }

        if (channels % Layout.BlockSize > 0)
        {
            yield return new ReductionPart(full * layout.Strides[1], Trim(taps.Append(new ReductionLoop(channels % Layout.BlockSize, 1))));
        }
    }

    private static IReadOnlyList<ReductionLoop> Trim(IEnumerable<ReductionLoop> loops)
    {
        ReductionLoop[] kept = loops.Where(static l => l.Extent != 1).ToArray();
        return kept.Length == 0 ? new[] { new ReductionLoop(1, 0) } : kept;
    }

    /// <summary>For each term in reading order its index channel · taps + tap in the weights of one output channel.</summary>
    private static int[] TermOrder(bool blocked, int channels, int taps)
    {
        var order = new List<int>(channels * taps);
        int unit = blocked ? Layout.BlockSize : 1;
        for (int block = 0; block < channels; block += unit)
        {
            for (int tap = 0; tap < taps; tap++)
            {
                for (int c = block; c < Math.Min(channels, block + unit); c++)
                {
                    order.Add((c * taps) + tap);
                }
            }
        }

        return order.ToArray();
    }
}
