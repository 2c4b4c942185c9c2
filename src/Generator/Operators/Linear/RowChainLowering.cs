using System;
using AotCompiler.Ir;
using AotCompiler.Kernels;
using AotCompiler.Lowering;

namespace AotCompiler.Operators.Linear;

/// <summary>Lowers a <see cref="RowChain"/> to one step: the producer's rows live in a ring, the depthwise convolution's result in a row.</summary>
internal static class RowChainLowering
{
    /// <summary>Bytes of the rows that a strip reads: they stay in a first-level cache of 32 KiB beside weights and results.</summary>
    private const long StripBytes = 24 * 1024;

    private const int MaxStripRows = 7;

    public static void Lower(RowChain chain, LoweringContext context)
    {
        Node middle = chain.Depthwise;
        SpatialWindow window = Conv.Window(middle);
        RowStrip strip = StripOf(middle, window);
        TensorView output = context.Allocate(chain.Last.Output);
        TensorView rows = chain.Consumer is null ? output : Buffer(middle.Output, strip.Rows, Halo.None(2), context);
        RowRing? ring = null;
        RowStage? first = null;
        Contraction work;
        if (chain.Producer is { } producer)
        {
            // One row more than the strip's windows span holds the zeros above and below the map.
            var halo = new Halo(new[] { 0, window.PadsBefore[1] }, new[] { 0, Math.Max(0, window.Overhang(1)) });
            TensorView slots = Buffer(producer.Output, Span(window, strip.Rows) + 1, halo, context);
            ring = new RowRing(slots, producer.Output.Shape[2]);
            first = Producer(producer, slots, context);
            work = DepthwiseLowering.Contract(middle, ConvGrid.Of(window, slots.Layout), slots, rows, context) with
            {
                HasTapTable = true,
                Input = slots.With(slots.Layout.Shifted(-window.PadsBefore[1] * slots.Layout.Strides[3])),
            };
        }
        else
        {
            TensorView input = context.ReadBlocked(middle.Required(0), Conv.HaloOf(window));
            work = DepthwiseLowering.Contract(middle, ConvGrid.Of(window, input.Layout), input, rows, context);
        }

        var second = new RowStage("Depthwise", DepthwiseLowering.What(window), work);
        context.Add(new RowChainStep(chain.Last, first, ring, second, Consumer(chain.Consumer, rows, output, context), window, strip));
    }

    /// <summary>As many rows as may share what is read, then as many channels as fit.</summary>
    private static RowStrip StripOf(Node depthwise, SpatialWindow window)
    {
        int blocks = Layout.BlockCount(depthwise.Output.Shape[1]);
        long row = (window.Input[1] + window.PadsBefore[1] + Math.Max(0, window.Overhang(1))) * (long)(Layout.BlockSize * sizeof(float));
        for (int rows = Math.Min(MaxStripRows, window.Output[0]); rows > 1; rows--)
        {
            int fitting = (int)Math.Min(1, StripBytes / (row * Span(window, rows)));
            if (fitting > 0)
            {
                return new RowStrip(rows, LargestDivisor(blocks, fitting));
            }
        }

        return new RowStrip(1, LargestDivisor(blocks, (int)Math.Max(1, Math.Min(blocks, StripBytes / (row * window.Span(0))))));
    }

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

    private static RowStage Producer(Node node, TensorView rows, LoweringContext context)
    {
        SpatialWindow window = Conv.Window(node);
        TensorView input = ConvLowering.ReadInput(node.Required(0), Conv.HaloOf(window), regular: true, context);
        return new RowStage("Producer", ConvLowering.What(window, 1), ConvLowering.Contract(node, ConvGrid.Of(window, input.Layout), 1, input, rows, context));
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

    /// <summary>Memory for some rows of one image of a value, in blocks of channels.</summary>
    private static TensorView Buffer(Value value, int rows, Halo halo, LoweringContext context)
    {
        Layout layout = Layout.Blocked(new Shape(1, value.Shape[1], rows, value.Shape[3]), halo);
        return context.Scratch($"{value.Name}.rows", value.Type, new Shape((int)layout.Extent)).With(layout);
    }
}
