using System;
using System.Linq;
using AotCompiler.Emission;
using AotCompiler.Ir;
using AotCompiler.Kernels;
using AotCompiler.Lowering;

namespace AotCompiler.Operators.Linear;

/// <summary>Lowers a <see cref="RowChain"/> to one step: the producer's rows live in a ring, the depthwise convolution's result in a row.</summary>
internal static class RowChainLowering
{
    /// <summary>Bytes of the rows that a strip reads: they stay in a first-level cache of 32 KiB beside weights and results.</summary>
    private const long StripBytes = 24 * 1024;

    private const long FilteredStripBytes = 48 * 1024;

    private const int MaxStripRows = 7;

    /// <summary>Most threads that share a chain whose working memory is in the arena: each has its own.</summary>
    private const int MaxLanes = 4;

    private const int MinLanes = 2;

    /// <summary>Bytes of the working memory of all of them.</summary>
    private const long MaxLaneBytes = 1280 * 1024;

    /// <summary>Bytes of what a chain reads and writes that stay in a second-level cache of 1 MiB, weights aside.</summary>
    private const long NearBytes = 960 * 1024;

    /// <summary>What less working memory is worth, as a part of two threads' time.</summary>
    private const double LossForMemory = 0.04;

    /// <summary>Rows of a strip of one convolution alone.</summary>
    private const int LoneStripRows = 4;

    /// <summary>The chain that a convolution or a MaxPool is computed in, or null if it is a step of its own.</summary>
    public static RowChain? Find(Node node, LoweringContext context)
    {
        RowChain? chain = context.Options.Isa.HasVectors ? RowChain.Around(node, context.Graph) : null;
        if (chain?.Pool is { } pool && (context.IsDirect(pool) || context.Bytes.ZeroOf(pool.Output) is not null || context.Bytes.ZeroOf(pool.Required(0)) is not null || !FitsStack(chain, context)))
        {
            chain = chain.WithoutPool;
        }

        return chain is null || chain.Nodes.Any(context.IsDirect) || !chain.Nodes.Contains(node) ? null : chain;
    }

    public static void Lower(RowChain chain, LoweringContext context)
    {
        Node middle = chain.Middle;
        SpatialWindow window = Conv.Window(middle);
        (RowStrip strip, RowFilter? filter) = Plan(chain, window, context);
        TensorView result = context.Allocate(chain.Last.Output);
        RowPairs? pool = chain.Pool is null ? null : new RowPairs(Buffer(chain.LastConvolution.Output, 1, Halo.None(2), lanes: 1, context), result);
        TensorView output = pool?.Above ?? result;
        int lanes = LanesOf(chain, window, strip);
        TensorView rows = chain.Consumer is null ? output : Buffer(middle.Output, strip.Rows, Halo.None(2), lanes, context);
        RowRing? ring = null;
        RowStage? first = null;
        RowSource? source = null;
        Contraction work;
        if (chain.Producer is { } producer)
        {
            TensorView slots = Buffer(producer.Output, Slots(window, strip), RingHalo(window), lanes, context, RingChannels(producer, strip));
            ring = new RowRing(slots, producer.Output.Shape[2]);
            source = RowSourceLowering.Find(producer, Span(window, strip.Rows), context);
            first = Producer(producer, source, slots, context);
            source = source is null ? null : source with { InPlace = RowSourceLowering.InPlace(producer, source, first.Work, context) };
            work = DepthwiseLowering.Contract(middle, ConvGrid.Of(window, slots.Layout), slots, rows, context, filter) with
            {
                HasTapTable = true,
                Input = slots.With(slots.Layout.Shifted(-window.PadsBefore[1] * slots.Layout.Strides[3])),
            };
        }
        else if (chain.IsMiddleDepthwise)
        {
            TensorView input = context.ReadBlocked(middle.Required(0), Conv.HaloOf(window));
            work = DepthwiseLowering.Contract(middle, ConvGrid.Of(window, input.Layout), input, rows, context, filter);
        }
        else
        {
            source = RowSourceLowering.Find(middle, strip.Rows, context);
            work = Producer(middle, source, rows, context).Work;
        }

        RowStage second = chain.IsMiddleDepthwise
            ? new RowStage("Depthwise", DepthwiseLowering.What(window), work)
            : new RowStage("Middle", ConvLowering.What(window, 1), work);
        context.Add(new RowChainStep(chain.Last, first, ring, second, Consumer(chain.Consumer, rows, output, context), window, strip, lanes) { Source = source, Pool = pool });
    }

    /// <summary>True if a thread's stack has room for the rows between all stages: each share then has its own.</summary>
    private static bool FitsStack(RowChain chain, LoweringContext context)
    {
        SpatialWindow window = Conv.Window(chain.Middle);
        return WorkingBytes(chain, window, Plan(chain, window, context).Strip) + (BufferLayout(chain.LastConvolution.Output, 1, Halo.None(2)).Extent * sizeof(float)) <= StepWriter.MaxLocalBytes;
    }

    /// <summary>
    /// Strips for minimal filtering of the depthwise convolution, if they make it the faster way; else for the direct sum. The former is given
    /// longer strips: several rows are needed to gain anything.
    /// </summary>
    private static (RowStrip Strip, RowFilter? Filter) Plan(RowChain chain, SpatialWindow window, LoweringContext context)
    {
        Node middle = chain.Middle;
        if (!chain.IsMiddleDepthwise)
        {
            // Without a ring between stages, a strip is only what is copied at once where an image is read.
            return (new RowStrip(LoneStripRows, Layout.BlockCount(middle.Output.Shape[1])), null);
        }

        RowStrip direct = StripOf(middle, window);
        direct = direct with { Rows = RowsForThreads(chain, window, direct) };
        direct = direct with { BlocksFirst = TakesBlocksFirst(chain, window, direct) };
        int rows = Math.Min(RowFilterChoice.MaxRows, (window.Output[0] + 1) / 2);
        while (rows > direct.Rows && RowBytes(window) * Span(window, rows) > FilteredStripBytes)
        {
            rows--;
        }

        rows = RowsForThreads(chain, window, direct with { Rows = Math.Max(rows, direct.Rows) });
        if (chain.Pool is not null && chain.Consumer is null)
        {
            // Windows take the rows of a strip in pairs.
            rows = Math.Max(2, rows - (rows % 2));
        }

        return DepthwiseLowering.FilterOf(middle, window, rows, context) is { } filter ? (new RowStrip(rows, 1, direct.BlocksFirst), filter) : (direct, null);
    }

    /// <summary>The most rows of a strip, up to those given, with which two threads have room for the rows between the convolutions; those given if none have.</summary>
    private static int RowsForThreads(RowChain chain, SpatialWindow window, RowStrip strip)
    {
        for (int rows = strip.Rows; rows > 0; rows--)
        {
            long bytes = WorkingBytes(chain, window, strip with { Rows = rows });
            if (bytes <= StepWriter.MaxLocalBytes || MinLanes * bytes <= MaxLaneBytes)
            {
                return rows;
            }
        }

        return strip.Rows;
    }

    /// <summary>
    /// True if a block of channels goes through all rows before the next one does: where the rows of all blocks are too many for a thread's
    /// stack, or where threads lose no more by uneven shares of the blocks than by the rows at the border that both would make.
    /// The first convolution then reads its input once for each block, so that must stay in the second-level cache.
    /// </summary>
    private static bool TakesBlocksFirst(RowChain chain, SpatialWindow window, RowStrip strip)
    {
        int passes = Layout.BlockCount(chain.Middle.Output.Shape[1]) / strip.Blocks;
        if (chain.Consumer is not null || chain.Producer is not { } producer || !Conv.HaloOf(Conv.Window(producer)).IsEmpty || passes == 1)
        {
            return false;
        }

        long near = (producer.Required(0).Shape.ElementCount + chain.Middle.Output.Shape.ElementCount) / chain.Middle.Output.Shape[0] * sizeof(float);
        return WorkingBytes(chain, window, strip) > StepWriter.MaxLocalBytes
            || (near <= NearBytes && LossOfBlocks(chain.Middle.Output.Shape[1], passes) <= LossOfRows(producer, window) + LossForMemory);
    }

    /// <summary>How much longer than half of the work the larger of two shares of the passes is.</summary>
    private static double LossOfBlocks(int channels, int passes)
    {
        double blocks = Layout.BlockCount(channels) - (channels % Layout.BlockSize is > 0 and <= Layout.BlockSize / 2 ? 0.5 : 0);
        return TwoShares.Loss(passes, Layout.BlockCount(channels) / passes, blocks);
    }

    /// <summary>The same of shares of the rows, of which each makes all that its windows read.</summary>
    private static double LossOfRows(Node producer, SpatialWindow window)
    {
        double made = producer.Required(0).Shape[1] * (double)window.Strides[0] * window.Strides[1];
        double part = made / (made + (window.Kernel[0] * window.Kernel[1]));
        double border = part * (window.Span(0) - window.Strides[0]) / window.Input[0];
        return border + (window.Output[0] % 2 / (double)window.Output[0]);
    }

    /// <summary>As many rows as may share what is read, at most half of all, which leaves something to a second thread; then as many channels as fit.</summary>
    private static RowStrip StripOf(Node depthwise, SpatialWindow window)
    {
        int blocks = Layout.BlockCount(depthwise.Output.Shape[1]);
        long row = RowBytes(window);
        for (int rows = Math.Min(MaxStripRows, (window.Output[0] + 1) / 2); rows > 1; rows--)
        {
            int fitting = (int)Math.Min(1, StripBytes / (row * Span(window, rows)));
            if (fitting > 0)
            {
                return new RowStrip(rows, LargestDivisor(blocks, fitting));
            }
        }

        return new RowStrip(1, LargestDivisor(blocks, (int)Math.Max(1, Math.Min(blocks, StripBytes / (row * window.Span(0))))));
    }

    /// <summary>Bytes of 16 channels of a row that the windows read.</summary>
    private static long RowBytes(SpatialWindow window) =>
        (window.Input[1] + window.PadsBefore[1] + Math.Max(0, window.Overhang(1))) * (long)(Layout.BlockSize * sizeof(float));

    /// <summary>How often the chain has its working memory in the arena: 1 if that is small enough for a thread's stack, or too large for the arena.</summary>
    private static int LanesOf(RowChain chain, SpatialWindow window, RowStrip strip)
    {
        long bytes = WorkingBytes(chain, window, strip);
        int strips = (window.Output[0] + strip.Rows - 1) / strip.Rows;
        if (bytes <= StepWriter.MaxLocalBytes || chain.Middle.Output.Shape[0] != 1)
        {
            return 1;
        }

        // Two and four lanes are even shares for two threads.
        int lanes = MaxLanes;
        while (lanes > 1 && (lanes > strips || lanes * bytes > MaxLaneBytes))
        {
            lanes /= 2;
        }

        return lanes;
    }

    /// <summary>Bytes of the rows between the convolutions.</summary>
    private static long WorkingBytes(RowChain chain, SpatialWindow window, RowStrip strip) =>
        sizeof(float) * ((chain.Producer is { } producer ? BufferLayout(producer.Output, Slots(window, strip), RingHalo(window), RingChannels(producer, strip)).Extent : 0)
            + (chain.Consumer is null ? 0 : BufferLayout(chain.Middle.Output, strip.Rows, Halo.None(2)).Extent));

    /// <summary>Channels that a ring holds.</summary>
    private static int RingChannels(Node producer, RowStrip strip) => strip.BlocksFirst ? strip.Blocks * Layout.BlockSize : producer.Output.Shape[1];

    /// <summary>Rows of a ring: what a strip's windows span, and one that holds the zeros above and below the map.</summary>
    private static int Slots(SpatialWindow window, RowStrip strip) => Span(window, strip.Rows) + 1;

    private static Halo RingHalo(SpatialWindow window) => new(new[] { 0, window.PadsBefore[1] }, new[] { 0, Math.Max(0, window.Overhang(1)) });

    /// <summary>Input rows that the windows of so many output rows span.</summary>
    private static int Span(SpatialWindow window, int rows) => ((rows - 1) * window.Strides[0]) + window.Span(0);

    private static int LargestDivisor(int number, int most)
    {
        int divisor = most;
        while (number % divisor != 0)
        {
            divisor--;
        }

        return divisor;
    }

    private static RowStage Producer(Node node, RowSource? source, TensorView rows, LoweringContext context)
    {
        SpatialWindow window = Conv.Window(node);
        return new RowStage("Producer", ConvLowering.What(window, 1), source is null ? Whole() : RowSourceLowering.Contract(node, source, rows, context));

        Contraction Whole()
        {
            TensorView input = ConvLowering.ReadInput(node.Required(0), Conv.HaloOf(window), regular: true, context);
            return ConvLowering.Contract(node, ConvGrid.Of(window, input.Layout), 1, input, rows, context);
        }
    }

    private static RowStage? Consumer(Node? node, TensorView row, TensorView output, LoweringContext context)
    {
        if (node is null)
        {
            return null;
        }

        SpatialWindow window = Conv.Window(node);
        return new RowStage("Consumer", ConvLowering.What(window, 1), ConvLowering.Contract(node, ConvGrid.Of(window, row.Layout), 1, row, output, context));
    }

    /// <summary>Memory for some rows of one image of a value, all channels or so many, in blocks; once for each lane.</summary>
    private static TensorView Buffer(Value value, int rows, Halo halo, int lanes, LoweringContext context, int? channels = null)
    {
        Layout layout = BufferLayout(value, rows, halo, channels);
        return context.Scratch($"{value.Name}.rows", value.Type, new Shape(checked(lanes * (int)layout.Extent))).With(layout);
    }

    private static Layout BufferLayout(Value value, int rows, Halo halo, int? channels = null) =>
        Layout.Blocked(new Shape(1, channels ?? value.Shape[1], rows, value.Shape[3]), halo);
}
