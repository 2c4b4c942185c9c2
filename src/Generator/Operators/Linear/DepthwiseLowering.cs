using System;
using System.Linq;
using AotCompiler.Ir;
using AotCompiler.Kernels;
using AotCompiler.Lowering;

namespace AotCompiler.Operators.Linear;

/// <summary>Depthwise convolution: every channel has its own filter, so 16 channels are one vector of inputs, weights and sums.</summary>
internal static class DepthwiseLowering
{
    /// <summary>True if each output channel reads exactly the input channel of the same number.</summary>
    public static bool Applies(Node node, int groups) => groups > 1
        && groups == node.Output.Shape[1]
        && groups == node.Required(0).Shape[1]
        && LayoutQuery.CanBlock(node.Required(0));

    public static void Lower(Node node, SpatialWindow window, LoweringContext context)
    {
        TensorView input = context.ReadBlocked(node.Required(0), Conv.HaloOf(node), bytes: true);
        Contraction work = Contract(node, ConvGrid.Of(window, input.Layout), input, context.Allocate(node.Output), context);
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
    public static Contraction Contract(Node node, ConvGrid grid, TensorView input, TensorView output, LoweringContext context)
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
        return work with { EpilogueOperands = ConvLowering.Operands(node, work.Blocks, context, bytes: true) };
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
