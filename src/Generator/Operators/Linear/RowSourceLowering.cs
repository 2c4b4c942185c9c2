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
}
