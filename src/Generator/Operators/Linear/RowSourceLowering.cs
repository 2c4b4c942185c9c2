using System.Collections.Generic;
using System.Linq;
using AotCompiler.Ir;
using AotCompiler.Kernels;
using AotCompiler.Lowering;

namespace AotCompiler.Operators.Linear;

/// <summary>Finds the convolutions that read a plain map, such as an image, whose rows are copied strip by strip to be padded.</summary>
internal static class RowSourceLowering
{
    /// <summary>Bytes of the rows of a strip: they stay in the nearest caches until they are read.</summary>
    private const long MaxBytes = 48 * 1024;

    /// <summary>The rows that so many output rows read; null if the map needs no copy, or not of this kind.</summary>
    public static RowSource? Find(Node node, int outputRows, LoweringContext context)
    {
        Value source = node.Required(0);
        SpatialWindow window = Conv.Window(node);
        Halo halo = Conv.HaloOf(window);
        if (window.Rank != 2
            || halo.IsEmpty
            || source.Shape.IsDynamic
            || source.Shape[1] >= Layout.BlockSize / 2
            || context.Layouts.IsBlocked(source)
            || context.Bytes.ZeroOf(source) is not null)
        {
            return null;
        }

        TensorView map = context.Read(source);
        if (map.Type != ElementType.Float32 || map.Layout.IsBlocked || map.Layout.Strides[3] != 1 || (map.Layout.Halo?.Covers(halo) ?? false))
        {
            return null;
        }

        var access = new RowAccess(window.Strides[0], window.PadsBefore[0], window.Span(0));
        int rows = ((outputRows - 1) * access.Stride) + access.Span;
        Layout layout = Layout.Padded(new Shape(1, source.Shape[1], rows, source.Shape[3]), new Halo(new[] { 0, halo.Before[1] }, new[] { 0, halo.After[1] }));
        return layout.Extent * sizeof(float) > MaxBytes
            ? null
            : new RowSource(map, context.Scratch($"{source.Name}.rows", ElementType.Float32, new Shape(checked((int)layout.Extent))).With(layout), access);
    }

    /// <summary>The convolution of such rows as a contraction whose output row 0 begins with the first of them.</summary>
    public static Contraction Contract(Node node, RowSource source, TensorView output, LoweringContext context)
    {
        SpatialWindow window = Conv.Window(node);
        return ConvLowering.Contract(node, ConvGrid.Of(window, source.Rows.Layout), 1, source.Rows, output, context) with
        {
            Input = source.Rows.With(source.Rows.Layout.Shifted(-window.PadsBefore[1])),
        };
    }

    /// <summary>How the windows inside the map are computed without a copy of it; null if there are none.</summary>
    /// <param name="node">The convolution.</param>
    /// <param name="source">Its rows.</param>
    /// <param name="whole">A whole row of them.</param>
    /// <param name="context">Gives memory.</param>
    public static RowSourceInPlace? InPlace(Node node, RowSource source, Contraction whole, LoweringContext context)
    {
        SpatialWindow window = Conv.Window(node);
        (int firstRow, int endRow) = window.Interior(0);
        (int first, int end) = window.Interior(1);
        if (firstRow == endRow || first == end || window.Dilations[0] != 1)
        {
            return null;
        }

        int rows = source.Map.Shape[1] * window.Kernel[0];
        var ends = new[] { (First: 0, End: first), (First: end, End: window.Output[1]) }.Where(static side => side.First < side.End).ToArray();
        int Cells((int First, int End) side) => ((side.End - side.First - 1) * window.Strides[1]) + window.Span(1);
        TensorView edges = context.Scratch($"{node.Required(0).Name}.edges", ElementType.Float32, new Shape(System.Math.Max(1, ends.Sum(side => rows * Cells(side)))));
        var sides = new List<RowSide>();
        int offset = 0;
        foreach ((int First, int End) side in ends)
        {
            int cells = Cells(side);
            TensorView view = edges.With(Layout.Dense(new Shape(1, source.Map.Shape[1], window.Kernel[0], cells)).Shifted(offset));
            Contraction work = Positions(whole, window, view, 0, side.First, side.End);
            sides.Add(new RowSide(new RowStage($"Side{sides.Count}", $"{ConvLowering.What(window, 1)} at one end", work), offset, cells, window.Start(1, side.First)));
            offset += rows * cells;
        }

        long start = (window.Start(0, 0) * source.Map.Layout.Strides[2]) + window.Start(1, first);
        var inside = new RowStage("Inside", ConvLowering.What(window, 1), Positions(whole, window, source.Map, start, first, end));
        return new RowSourceInPlace(firstRow, endRow, inside, sides, edges);
    }

    /// <summary>Some positions of a row, from cells in another memory.</summary>
    private static Contraction Positions(Contraction whole, SpatialWindow window, TensorView source, long start, int first, int end)
    {
        return ConvLowering.OfCells(whole, window, source, start, firstRow: 0, firstPosition: first) with
        {
            Positions = end - first,
            Output = whole.Output.With(whole.Output.Layout.Shifted(first * whole.OutputStrides.Position)),
        };
    }
}
