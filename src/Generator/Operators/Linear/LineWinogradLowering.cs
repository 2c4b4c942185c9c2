using System;
using System.Collections.Generic;
using System.Linq;
using AotCompiler.Emission;
using AotCompiler.Ir;
using AotCompiler.Kernels;
using AotCompiler.Lowering;

namespace AotCompiler.Operators.Linear;

/// <summary>3×1 and 1×3 convolutions of stride 1 by minimal filtering, where that is estimated to be faster than the direct sum.</summary>
internal static class LineWinogradLowering
{
    /// <summary>Tiles of a strip: enough for whole register tiles, few enough that points and products stay in the cache.</summary>
    private const int WantedTiles = 48;

    private const long MaxScratchBytes = 512 * 1024;

    /// <summary>Most threads that share a convolution: each has scratch memory of its own, which all together is to be no larger than the map; two in any case.</summary>
    private const int MaxLanes = 4;

    private const int MinLanes = 2;

    /// <summary>What an estimate must gain before the direct sum, which is exact to rounding, is given up.</summary>
    private const double NeededGain = 1.2;

    /// <summary>Cycles to bring a byte of weights from the second-level cache, and from memory beyond it.</summary>
    private const double CyclesPerByte = 0.04;

    /// <summary>Adds the step, or returns false if the convolution is of another kind or the direct sum is as fast.</summary>
    public static bool TryLower(Node node, SpatialWindow window, int groups, TensorView input, LoweringContext context)
    {
        if (!context.AllowsWinograd || node.Output.Shape.IsDynamic || !Applies(window, groups, input.Layout))
        {
            return false;
        }

        Shape output = node.Output.Shape;
        bool vertical = window.Kernel[0] == 3;
        Simd simd = context.Options.Isa.Widest;
        int channels = node.Required(0).Shape[1];
        int blocks = Layout.BlockCount(output[1]);
        double direct = WinogradChoice.CyclesPerTileCycle(simd) * TileChoice.Choose(simd, new TileWork(output[2], output[3], blocks, SingleBlock: false, LaneInput: false, channels, 3L * channels))
            .Cycles(simd, output[2], output[3], blocks, 3L * channels);
        (RealWinogradTransform Transform, int Strip, double Cycles)? best = null;
        foreach (RealWinogradTransform transform in new[] { RealWinogradTransform.F2, RealWinogradTransform.F4 })
        {
            if (Estimate(simd, transform, vertical, channels, blocks, output) is var (strip, cycles) && (best is null || cycles < best.Value.Cycles))
            {
                best = (transform, strip, cycles);
            }
        }

        if (best is not { } choice || choice.Cycles * NeededGain > direct)
        {
            return false;
        }

        context.Add(new LineWinogradStep(node, Work(node, window, vertical, choice.Transform, choice.Strip, input, context)));
        return true;
    }

    private static bool Applies(SpatialWindow window, int groups, Layout input) => groups == 1
        && window.Rank == 2
        && input.IsBlocked
        && window.Kernel.OrderBy(static k => k).SequenceEqual(new[] { 1, 3 })
        && window.Strides.All(static s => s == 1)
        && window.Dilations.All(static d => d == 1);

    /// <summary>Tile rows of a strip and the cycles of one image; null if a strip does not fit the caches.</summary>
    private static (int Strip, double Cycles)? Estimate(Simd simd, RealWinogradTransform transform, bool vertical, int channels, int blocks, Shape output)
    {
        int rows = vertical ? LineWinograd.Tiles(output[2], transform) : output[2];
        int columns = vertical ? output[3] : LineWinograd.Tiles(output[3], transform);
        if (rows == 0 || columns == 0 || channels == 0)
        {
            return null;
        }

        int inputBlocks = Layout.BlockCount(channels);
        int strips = Math.Max(1, rows * columns / WantedTiles);
        int strip = (rows + Math.Min(strips, rows) - 1) / Math.Min(strips, rows);
        strips = (rows + strip - 1) / strip;
        int tiles = strip * columns;
        if ((LineWinograd.ScratchFloats(transform, inputBlocks, tiles) + LineWinograd.ScratchFloats(transform, blocks, tiles)) * sizeof(float) > MaxScratchBytes)
        {
            return null;
        }

        double products = WinogradChoice.CyclesPerTileCycle(simd) * strips * transform.Points * TileChoice
            .Choose(simd, new TileWork(1, tiles, blocks, SingleBlock: false, LaneInput: false, Math.Min(channels, Layout.BlockSize), channels))
            .Cycles(simd, 1, tiles, blocks, channels);

        // Each point is loaded and stored once on either side; the transforms' arithmetic about doubles that.
        double transforms = (double)strips * tiles * transform.Points * ((3 * inputBlocks) + (4 * blocks));
        double traffic = CyclesPerByte * strips * transform.Points * channels * blocks * Layout.BlockSize * sizeof(float);
        return (strip, products + transforms + traffic);
    }

    private static LineWinograd Work(Node node, SpatialWindow window, bool vertical, RealWinogradTransform transform, int strip, TensorView input, LoweringContext context)
    {
        Shape shape = node.Output.Shape;
        int channels = node.Required(0).Shape[1];
        int axis = vertical ? 0 : 1;
        ConvGrid grid = ConvGrid.Of(window, input.Layout);
        TensorView output = context.Allocate(node.Output);
        int tiles = strip * (vertical ? shape[3] : LineWinograd.Tiles(shape[3], transform));
        int behind = input.Layout.Halo?.After[axis] ?? 0;
        int inputBlocks = Layout.BlockCount(channels);
        int outputBlocks = Layout.BlockCount(shape[1]);
        int strips = ((vertical ? LineWinograd.Tiles(shape[2], transform) : shape[2]) + strip - 1) / strip;
        long laneFloats = LineWinograd.ScratchFloats(transform, inputBlocks, tiles) + LineWinograd.ScratchFloats(transform, outputBlocks, tiles);
        int lanes = Math.Min(strips, laneFloats * MaxLanes <= shape.ElementCount ? MaxLanes : MinLanes);
        int copies = laneFloats * sizeof(float) <= StepWriter.MaxLocalBytes ? 1 : lanes;
        TensorView Scratch(string what, int blocks) => context.Scratch(
            $"{node.Name}.{what}", ElementType.Float32, new Shape(checked(copies * (int)LineWinograd.ScratchFloats(transform, blocks, tiles))));
        return new LineWinograd
        {
            Transform = transform,
            Vertical = vertical,
            Batch = shape[0],
            Channels = channels,
            Blocks = outputBlocks,
            Rows = shape[2],
            Columns = shape[3],
            StripRows = strip,
            Lanes = lanes,
            InputLength = window.PadsBefore[axis] + window.Input[axis] + behind,
            Input = grid.Shift(input),
            InputStrides = grid.InputStrides(input.Layout, 0) with { Block = input.Layout.Strides[1] },
            Weights = context.Weight(Pack(node.Required(1).Constant!, transform), $"{node.Name}.weight"),
            Constants = WinogradLowering.ConstantsFor(transform, context),
            Bias = ConvLowering.ConstantBias(node, zero: null, context),
            Output = output,
            OutputStrides = grid.OutputStrides(output.Layout, 0),
            Epilogue = node.Epilogue,
            EpilogueOperands = ConvLowering.Operands(node, blocks: 0, context),
            Points = Scratch("points", inputBlocks),
            Products = Scratch("products", outputBlocks),
        };
    }

    /// <summary>The transformed weights as [point, block, channel, 16], zeros in the lanes behind the last output.</summary>
    private static Tensor Pack(Tensor weights, RealWinogradTransform transform)
    {
        int outputs = weights.Shape[0];
        int channels = weights.Shape[1];
        int blocks = Layout.BlockCount(outputs);
        var shape = new Shape(transform.Points, blocks, channels, Layout.BlockSize);
        return Tensor.LazyFloats(shape, $"LineWinogradPanels16[F{transform.Outputs}]({weights.Recipe})", () =>
        {
            var panels = new float[shape.ElementCount];
            ReadOnlySpan<float> source = weights.Floats();
            Span<double> points = stackalloc double[transform.Points];
            for (int output = 0; output < outputs; output++)
            {
                for (int c = 0; c < channels; c++)
                {
                    transform.TransformLine(source.Slice(((output * channels) + c) * 3, 3), points);
                    for (int p = 0; p < points.Length; p++)
                    {
                        int row = (((p * blocks) + (output / Layout.BlockSize)) * channels) + c;
                        panels[(row * Layout.BlockSize) + (output % Layout.BlockSize)] = (float)points[p];
                    }
                }
            }

            return panels;
        });
    }
}
