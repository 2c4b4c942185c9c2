using System.Collections.Generic;
using System.Linq;
using AotCompiler.Ir;
using AotCompiler.Kernels;
using AotCompiler.Lowering;

namespace AotCompiler.Operators.Linear;

/// <summary>
/// A padded convolution of an image that reads the image where it is: only windows that reach beyond it read copies, of its first and
/// last rows and columns, with zeros around them. The copies are a few percent of the image, where a padded copy of all of it costs
/// as much as a tenth of the convolution.
/// </summary>
internal static class ImageConvLowering
{
    /// <summary>Bytes of an image from which on the further steps cost less than its copy.</summary>
    private const long LeastBytes = 192 * 1024;

    /// <summary>Adds the steps, or returns false if the convolution reads no large image, or one that needs no copy.</summary>
    public static bool TryLower(Node node, SpatialWindow window, int groups, LoweringContext context)
    {
        if (Find(node, window, groups, context) is not { } image)
        {
            return false;
        }

        Sides rows = Sides.Of(window, 0);
        Sides columns = Sides.Of(window, 1);
        if (!rows.HasCells(window) || !columns.HasCells(window))
        {
            return false;
        }

        TensorView output = context.Allocate(node.Output);
        ConvGrid grid = ConvGrid.Of(window, image.Layout);
        Contraction whole = ConvLowering.Contract(node, grid, 1, image, output, context) with { RowWindow = null };
        int height = window.Output[0];
        Add("interior", image, 0, 0, rows.First, rows.End, columns.First, columns.End, byColumns: false);
        Add("top", Rows(0, rows.CellsBefore(window)), 0, 0, 0, rows.First, 0, window.Output[1], byColumns: false);
        int bottom = rows.FirstCellBehind(window);
        Add("bottom", Rows(bottom, window.Input[0]), bottom, 0, rows.End, height, 0, window.Output[1], byColumns: false);
        Add("left", Columns(0, columns.CellsBefore(window)), 0, 0, rows.First, rows.End, 0, columns.First, byColumns: true);
        int right = columns.FirstCellBehind(window);
        Add("right", Columns(right, window.Input[1]), 0, right, rows.First, rows.End, columns.End, window.Output[1], byColumns: true);
        return true;

        // Both halos on a side that has windows beyond it: what is read there is zero, and what is not costs a few cells.
        TensorView Rows(int first, int end) => Padded(2, first, end, Conv.HaloOf(window));
        TensorView Columns(int first, int end) => Padded(3, first, end, WithoutRows(Conv.HaloOf(window)));
        TensorView Padded(int axis, int first, int end, Halo halo) => end <= first
            ? image
            : context.CopyPadded($"{node.Required(0).Name}.edge", image.With(image.Layout.Slice(axis, first, end - first)), halo);

        void Add(string part, TensorView source, int firstRow, int firstColumn, int row, int rowEnd, int column, int columnEnd, bool byColumns)
        {
            if (row == rowEnd || column == columnEnd)
            {
                return;
            }

            Contraction work = Part(whole, window, source, firstRow, firstColumn, (row, rowEnd), (column, columnEnd));
            work = ReferenceEquals(source, image) ? work : work with { Scratch = ConvLowering.EpilogueScratch(node, context) };
            context.Add(new ContractionStep(node, $"{node.Name} {part}", $"{ConvLowering.What(window, 1)}, {part}", byColumns ? Turned(work) : work));
        }
    }

    /// <summary>The image, or null if the convolution does not read one, or the copy of it does not matter.</summary>
    private static TensorView? Find(Node node, SpatialWindow window, int groups, LoweringContext context)
    {
        Value source = node.Required(0);
        if (groups != 1
            || window.Rank != 2
            || Conv.HaloOf(window).IsEmpty
            || context.IsNarrow
            || context.IsDirect(node)
            || source.Shape.IsDynamic
            || source.Uses.Count != 1
            || source.Shape[1] >= Layout.BlockSize / 2
            || source.Shape.ElementCount / source.Shape[0] * sizeof(float) < LeastBytes
            || context.Layouts.IsBlocked(source)
            || context.Bytes.ZeroOf(source) is not null
            || context.Bytes.ZeroOf(node.Output) is not null)
        {
            return null;
        }

        TensorView image = context.Read(source);
        return image.Type == ElementType.Float32 && !image.Layout.IsBlocked && image.Layout.Strides[3] == 1 && !(image.Layout.Halo?.Covers(Conv.HaloOf(window)) ?? false)
            ? image
            : null;
    }

    private static Halo WithoutRows(Halo halo) => new(new[] { 0, halo.Before[1] }, new[] { 0, halo.After[1] });

    /// <summary>Some outputs, of cells of the image that lie in a memory of their own.</summary>
    /// <param name="whole">The convolution of the image.</param>
    /// <param name="window">Its window.</param>
    /// <param name="source">The cells.</param>
    /// <param name="firstRow">The image's row that is the first of them.</param>
    /// <param name="firstColumn">The image's column that is the first of them.</param>
    /// <param name="rows">Output rows.</param>
    /// <param name="columns">Output columns.</param>
    private static Contraction Part(
        Contraction whole, SpatialWindow window, TensorView source, int firstRow, int firstColumn, (int First, int End) rows, (int First, int End) columns)
    {
        long start = ((window.Start(0, rows.First) - firstRow) * source.Layout.Strides[2]) + (window.Start(1, columns.First) - firstColumn);
        Layout output = whole.Output.Layout.Slice(2, rows.First, rows.End - rows.First).Slice(3, columns.First, columns.End - columns.First);
        return ConvLowering.OfCells(whole, window, source, start, rows.First, columns.First) with
        {
            Rows = rows.End - rows.First,
            Positions = columns.End - columns.First,
            Output = whole.Output.With(output),
        };
    }

    /// <summary>The same with columns for rows: few columns of many rows fill tiles so.</summary>
    private static Contraction Turned(Contraction work)
    {
        static OutputStrides Turn(OutputStrides s) => s with { Row = s.Position, Position = s.Row };
        return work with
        {
            Rows = work.Positions,
            Positions = work.Rows,
            InputStrides = Turn(work.InputStrides),
            OutputStrides = Turn(work.OutputStrides),
            EpilogueOperands = work.EpilogueOperands.Select(static o => o with { Strides = Turn(o.Strides) }).ToArray(),
        };
    }

    /// <summary>The windows along a dimension that lie inside the image: first … end - 1.</summary>
    private readonly record struct Sides(int Dimension, int First, int End)
    {
        /// <summary>True if there are such windows, and no side has others that read nothing but padding.</summary>
        public bool HasCells(SpatialWindow window) => End > First
            && (First == 0 || CellsBefore(window) > 0)
            && (End == window.Output[Dimension] || FirstCellBehind(window) < window.Input[Dimension]);

        public static Sides Of(SpatialWindow window, int dimension)
        {
            (int first, int end) = window.Interior(dimension);
            return new Sides(dimension, first, end);
        }

        /// <summary>Cells that the windows before the first one inside read.</summary>
        public int CellsBefore(SpatialWindow window) => First == 0 ? 0 : window.Start(Dimension, First - 1) + window.Span(Dimension);

        /// <summary>The first cell that the windows behind the last one inside read.</summary>
        public int FirstCellBehind(SpatialWindow window) => End == window.Output[Dimension] ? window.Input[Dimension] : window.Start(Dimension, End);
    }
}
