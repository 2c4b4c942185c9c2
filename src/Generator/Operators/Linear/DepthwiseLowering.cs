using System;
using System.Linq;
using AotCompiler.Ir;
using AotCompiler.Kernels;
using AotCompiler.Lowering;

namespace AotCompiler.Operators.Linear;

/// <summary>Depthwise convolution: every channel has its own filter, so 16 channels are one vector of inputs, weights and sums.</summary>
internal static class DepthwiseLowering
{
    private const string Direct = "direct";
    private const string Filtered = "minimal filtering";

    /// <summary>True if each output channel reads exactly the input channel of the same number.</summary>
    public static bool Applies(Node node, int groups) => groups > 1
        && groups == node.Output.Shape[1]
        && groups == node.Required(0).Shape[1]
        && LayoutQuery.CanBlock(node.Required(0));

    public static void Lower(Node node, SpatialWindow window, LoweringContext context)
    {
        TensorView input = context.ReadBlocked(node.Required(0), Conv.HaloOf(node), bytes: true);
        RowFilter? filter = FilterOf(node, window, window.Output[0], context);
        Contraction work = Contract(node, ConvGrid.Of(window, input.Layout), input, context.Allocate(node.Output), context, filter);
        context.Add(new ContractionStep(node, node.Name, What(window), work));
    }

    /// <summary>What is computed, for comments: <c>Depthwise Conv 3×3</c>.</summary>
    public static string What(SpatialWindow window) => $"Depthwise Conv {string.Join("×", window.Kernel.Select(static k => $"{k}"))}";

    /// <summary>The contraction of a depthwise convolution, epilogue included.</summary>
    /// <param name="node">The node.</param>
    /// <param name="grid">Geometry.</param>
    /// <param name="input">The input with its halo, in blocks.</param>
    /// <param name="output">The output.</param>
    /// <param name="context">Gives memory.</param>
    /// <param name="filter">Minimal filtering along the rows; null for the direct sum.</param>
    public static Contraction Contract(Node node, ConvGrid grid, TensorView input, TensorView output, LoweringContext context, RowFilter? filter = null)
    {
        Func<int, int, int> index = (m, t) => (m * grid.Taps) + t;
        bool codes = context.IsNarrow && input.Zero is not null && CodeProduct.Applies(node);
        Contraction work = Contract(node, grid, input, output, "DepthwisePanels16", index, context, codes) with
        {
            RowWindow = grid.RowWindow,
            RowSize = grid.RowsOf(node.Output.Shape).Size,
            PositionSize = grid.PositionsOf(node.Output.Shape).Size,
            Bias = codes
                ? context.Weight(CodePanels.Biases(node.Input(2)?.Constant, node.Required(1).Constant!, input.Zero!.Value, 1, node.Output.Shape[1], grid.Taps, (m, t) => index(m, t)), $"{node.Name}.bias")
                : BiasOf(node, grid.Taps, input.Zero) is { } bias ? context.Weight(PanelPacker.PadBias(bias, 1, node.Output.Shape[1]), $"{node.Name}.bias") : null,
            Epilogue = node.Epilogue,
            Scratch = ConvLowering.EpilogueScratch(node, context),
        };
        work = work with { EpilogueOperands = ConvLowering.Operands(node, work.Blocks, context, bytes: true) };
        if (filter is null)
        {
            return work;
        }

        TensorView products = context.Weight(Pack(node.Required(1).Constant!, filter), $"{node.Name}.products");
        return work with
        {
            Weights = context.Options.Isa.Widths.All(RowFilter.Applies) ? products : work.Weights,
            Filtering = new RowFiltering(filter, products),
        };
    }

    /// <summary>The minimal filtering that computes a depthwise convolution; null for one of another kind, or if the direct sum is as fast.</summary>
    /// <param name="node">The node.</param>
    /// <param name="window">Its window.</param>
    /// <param name="rows">Output rows that are computed one after the other.</param>
    /// <param name="context">Knows what is possible and what was measured.</param>
    public static RowFilter? FilterOf(Node node, SpatialWindow window, int rows, LoweringContext context)
    {
        Shape output = node.Output.Shape;
        if (!CanFilter(node, window, context) || RowFilter.For(window.Kernel[1]) is not { } filter || rows < 2 || output[3] < RowFilter.Outputs)
        {
            return null;
        }

        int functions = node.Epilogue is { IsCheap: true } epilogue ? epilogue.Instructions.Count : 0;
        string[] choices = RowFilterChoice.Pays(filter, window.Kernel[0], rows, output[3], functions) ? new[] { Filtered, Direct } : new[] { Direct, Filtered };
        string layer = $"depthwise convolution {window.Kernel[0]}×{window.Kernel[1]} of {output[0]}×{output[1]}, {output[2]}×{output[3]} outputs, {rows} rows at a time";
        return context.Decide(node, layer, choices) == Filtered ? filter : null;
    }

    private static bool CanFilter(Node node, SpatialWindow window, LoweringContext context) => context.AllowsWinograd
        && !context.IsDirect(node)
        && context.Options.Isa.Widths.Any(RowFilter.Applies)
        && window.Rank == 2
        && window.Strides.All(static s => s == 1)
        && window.Dilations.All(static d => d == 1)
        && !node.Output.Shape.IsDynamic
        && node.Attributes.Int(Conv.ExactSums, 0) == 0
        && context.Bytes.ZeroOf(node.Output) is null
        && context.Bytes.ZeroOf(node.Required(0)) is null;

    /// <summary>The weights of the filter's products as [block, row of the window, product, 16], zeros in the lanes behind the last channel.</summary>
    private static Tensor Pack(Tensor weights, RowFilter filter)
    {
        int channels = weights.Shape[0];
        int rows = weights.Shape[2];
        int count = filter.Products.Count;
        var shape = new Shape(Layout.BlockCount(channels), rows, count, Layout.BlockSize);
        return Tensor.LazyFloats(shape, $"RowFilterPanels16[{filter.Taps}]({weights.Recipe})", () =>
        {
            var panels = new float[shape.ElementCount];
            ReadOnlySpan<float> source = weights.Floats();
            Span<double> products = stackalloc double[count];
            for (int line = 0; line < channels * rows; line++)
            {
                int channel = line / rows;
                filter.TransformWeights(source.Slice(line * filter.Taps, filter.Taps), products);
                int panel = ((channel / Layout.BlockSize * rows) + (line % rows)) * count;
                for (int p = 0; p < count; p++)
                {
                    panels[((panel + p) * Layout.BlockSize) + (channel % Layout.BlockSize)] = (float)products[p];
                }
            }

            return panels;
        });
    }

    /// <summary>The sums alone of a window over each channel.</summary>
    /// <param name="node">The node.</param>
    /// <param name="grid">Geometry.</param>
    /// <param name="input">The input with its halo, in blocks.</param>
    /// <param name="output">The output.</param>
    /// <param name="recipe">Name of the weights' order.</param>
    /// <param name="index">Index in the weights of (channel, tap of the grid).</param>
    /// <param name="context">Gives memory.</param>
    /// <param name="codes">True to multiply codes in integers, one at a time.</param>
    public static Contraction Contract(
        Node node, ConvGrid grid, TensorView input, TensorView output, string recipe, Func<int, int, int> index, LoweringContext context, bool codes = false)
    {
        int channels = node.Output.Shape[1];
        Tensor weights = node.Required(1).Constant!;
        (Tensor panels, CodeForm? form, int offset) = codes
            ? CodePanels.PackSingle(weights, recipe, 1, channels, grid.Taps, (m, t) => index(m, t))
            : (PanelPacker.Pack(weights, recipe, 1, channels, grid.Taps, index, isNarrow: context.IsNarrow), (CodeForm?)null, 0);
        return new Contraction
        {
            BatchExtents = new[] { node.Output.Shape.Extent(0) },
            Blocks = Layout.BlockCount(channels),
            Rows = grid.Rows,
            Positions = grid.Positions,
            LaneInput = true,
            LastIsHalf = !context.IsNarrow && Contraction.LeavesHalf(channels, input, output),
            Reduction = grid.Taps == 0
                ? Array.Empty<ReductionPart>()
                : new[] { new ReductionPart(0, new[] { new ReductionLoop(grid.TapRows, grid.TapRowStride), new ReductionLoop(grid.TapColumns, grid.TapColumnStride) }) },
            Input = grid.Shift(input),
            InputStrides = grid.InputStrides(input.Layout, 0) with { Block = input.Layout.Strides[1] },
            Weights = context.Weight(panels, $"{node.Name}.weight"),
            WeightBatchStrides = new long[] { 0 },
            Codes = form,
            WeightOffset = offset,
            Output = output,
            OutputStrides = grid.OutputStrides(output.Layout, 0),
            LastLanes = context.LastLanes(channels),
            PanelWidth = Layout.LanesOf(channels, context.IsNarrow),
        };
    }

    /// <summary>The bias. Where bytes stand for whole numbers, it takes off what their zero adds to each sum.</summary>
    private static Tensor? BiasOf(Node node, int taps, int? zero)
    {
        Tensor? bias = node.Input(2)?.Constant;
        if (zero is null or 0)
        {
            return bias;
        }

        Tensor weights = node.Required(1).Constant!;
        int channels = node.Output.Shape[1];
        return Tensor.LazyFloats(new Shape(channels), $"WithoutZero({zero},{bias?.Recipe},{weights.Recipe})", () =>
        {
            System.ReadOnlySpan<float> w = weights.Floats();
            var result = new float[channels];
            for (int c = 0; c < channels; c++)
            {
                result[c] = bias?.Floats()[c] ?? 0;
                for (int tap = 0; tap < taps; tap++)
                {
                    result[c] -= zero.Value * w[(c * taps) + tap];
                }
            }

            return result;
        });
    }
}
