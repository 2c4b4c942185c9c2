using System;
using AotCompiler.Emission;
using AotCompiler.Ir;
using AotCompiler.Lowering;
using AotCompiler.Operators;

namespace AotCompiler.Kernels;

/// <summary>A convolution of r×r windows, of 2×2, 3×3 or 5×5 at stride 1, or 3×3 at stride s = 2: each tile of m×m outputs takes (s·(m - 1) + r)² products instead of r²·m².</summary>
/// <remarks>
/// Weights are [group of blocks, panel, block of the group, channel, 16], the last group may have fewer blocks; of codes the weights
/// themselves [block, pair of channels, tap, 16, 2] as signed bytes.
/// </remarks>
internal sealed record Winograd : MinimalFiltering
{
    private const int Block = Layout.BlockSize;

    public required WinogradTransform Transform { get; init; }

    public required WinogradTiling Tiling { get; init; }

    /// <summary>True if what counts as images are parts of the channels of one, each with weights and biases of its own.</summary>
    public bool HasParts { get; init; }

    /// <summary>True if the last block has at most 8 outputs and its products are made for those only.</summary>
    public bool LastIsHalf { get; init; }

    /// <summary>
    /// Input cells from one tap to the next in each dimension. With more than one the outputs of a tile lie as far apart, and tiles of
    /// neighbouring outputs follow one another until these are as many: tile t begins at output t / d · d · m + t mod d. 1 at stride 2.
    /// </summary>
    public WinogradDilation Dilation { get; init; } = WinogradDilation.None;

    /// <summary>Rows of the input buffer that may be read, from the first tap on; those a tile lacks count as zeros.</summary>
    public required int InputRows { get; init; }

    /// <summary>Columns of the input buffer that may be read, from the first tap on.</summary>
    public required int InputColumns { get; init; }

    /// <summary>The sizes that each run chooses; null if all are fixed.</summary>
    public WinogradSizes? Sizes { get; init; }

    /// <summary>For an input of codes, which the sums of integers of 32 bits take; null for f32.</summary>
    public WinogradCodes? Codes { get; init; }

    /// <summary>A tile row transformed along one dimension; one for each lane.</summary>
    public required TensorView Lines { get; init; }

    public override long InputPlane => Plane(Layout.BlockCount(Channels), Tiling.Tiles);

    /// <summary>Elements from one block of input channels to the next of a point.</summary>
    public long InputBlock => Codes is null ? (long)Tiling.Tiles * Block : Block;

    /// <summary>Elements from one tile to the next of a point.</summary>
    public long InputTile => Codes is null ? Block : (long)Layout.BlockCount(Channels) * Block;

    public override long ProductPlane => Plane(Tiling.Group, Tiling.Tiles);

    /// <summary>Strips of tile rows of all images; each may be one of several side by side.</summary>
    public int RowStrips => Batch * RowStripsOf(TileRows, Tiling);

    /// <summary>True if one strip is the whole work.</summary>
    public bool IsOneStrip => Sizes is null && RowStrips == 1 && Tiling.Columns == TileColumns;

    /// <summary>Groups of output blocks.</summary>
    public int Groups => (Blocks + Tiling.Group - 1) / Tiling.Group;

    /// <summary>Floats of one line of <see cref="Lines"/>.</summary>
    public long LineLength => LineFloats(Transform, Tiling);

    /// <summary>Tiles in a column.</summary>
    public int TileRows => Tiles(Rows, Transform, Dilation.Rows);

    /// <summary>Tiles in a row.</summary>
    public int TileColumns => Tiles(Columns, Transform, Dilation.Columns);

    /// <summary>Rows of the input that a tile row finds, of the points that it takes.</summary>
    public int PresentRows(int tileRow)
    {
        int first = (tileRow / Dilation.Rows * Transform.Step * Dilation.Rows) + (tileRow % Dilation.Rows);
        return Math.Min(Transform.Points, (InputRows - first + Dilation.Rows - 1) / Dilation.Rows);
    }

    /// <summary>Output rows with their expression.</summary>
    public Extent RowTrip => Sizes?.Rows ?? Rows;

    /// <summary>Output columns with their expression.</summary>
    public Extent ColumnTrip => Sizes?.Columns ?? Columns;

    /// <summary><see cref="TileRows"/> with their expression.</summary>
    public Extent TileRowTrip => RowTrip.IsDynamic ? Quotient(RowTrip, Transform.Outputs) : TileRows;

    /// <summary><see cref="TileColumns"/> with their expression.</summary>
    public Extent TileColumnTrip => ColumnTrip.IsDynamic ? Quotient(ColumnTrip, Transform.Outputs) : TileColumns;

    /// <summary>Strips of tile rows of one image with their expression.</summary>
    public Extent ImageStripTrip => Quotient(TileRowTrip, Tiling.Rows);

    /// <summary>Parts of so many that cover a total, the last one in part.</summary>
    public static Extent Quotient(Extent total, int part) => total.Size is { } size ? Extent.Of((size + Size.Of(part - 1)).FloorDivide(part)) : (total.Maximum + part - 1) / part;

    /// <summary>The register tile of the products of a strip with a group of so many blocks, of which the last may be half a one.</summary>
    public static TileChoice Tile(Simd simd, WinogradTiling tiling, int blocks, int channels, bool codes, bool lastIsHalf = false) => TileChoice.Choose(simd, codes
        ? new TileWork(1, tiling.Tiles, blocks, SingleBlock: false, LaneInput: false, WinogradCodes.Pairs(channels), WinogradCodes.Pairs(channels)) { Codes = CodeForm.Pairs }
        : new TileWork(1, tiling.Tiles, blocks, SingleBlock: false, LaneInput: false, Math.Min(channels, Block), channels) { LastIsHalf = lastIsHalf });

    /// <summary>Blocks whose groups share one loop. The last group has code of its own if it is smaller than the others, or ends with half a block.</summary>
    public int BlocksOfWholeGroups => (LastIsHalf ? Blocks - 1 : Blocks) / Tiling.Group * Tiling.Group;

    /// <summary>Tiles that cover so many outputs along a dimension of such a dilation; none of them is empty.</summary>
    public static int Tiles(int outputs, WinogradTransform transform, int dilation)
    {
        int cells = transform.Outputs * dilation;
        return (outputs / cells * dilation) + Math.Min(outputs % cells, dilation);
    }

    /// <summary>Strips of tile rows of one image that has so many.</summary>
    public static int RowStripsOf(int tileRows, WinogradTiling tiling) => (tileRows + tiling.Rows - 1) / tiling.Rows;

    /// <summary>Elements of the scratch memories of one lane for points, products and lines.</summary>
    public static (long Points, long Products, long Lines) ScratchLengths(WinogradTransform transform, WinogradTiling tiling, int channels) => (
        transform.Products * Plane(Layout.BlockCount(channels), tiling.Tiles),
        transform.Products * Plane(tiling.Group, tiling.Tiles),
        transform.Points * LineFloats(transform, tiling));

    /// <summary>Bytes that the working memory of one lane has at most.</summary>
    public static long LaneBytes(WinogradTransform transform, WinogradTiling tiling, int channels)
    {
        (long points, long products, long lines) = ScratchLengths(transform, tiling, channels);
        long panels = transform is CodeWinogradTransform codes ? WinogradCodes.PanelsLength(codes, tiling, channels) : 0;
        return (points + products + lines + panels) * sizeof(float);
    }

    /// <summary>True if some points have the same weights: a loop around <see cref="ProductsOf"/> then goes over the points.</summary>
    public bool SharesPanels => Transform.Panels < Transform.Points;

    /// <summary>The products of all points for a group of so many blocks; of one, if points <see cref="SharesPanels"/>.</summary>
    /// <param name="blocks">Blocks of the group.</param>
    /// <param name="isLast">True if the last block is among them.</param>
    public Contraction ProductsOf(int blocks, bool isLast) => Codes is { } codes
        ? codes.ProductsOf(this, blocks)
        : Multiply(SharesPanels ? 1 : Transform.Products, blocks, Tiling.Tiles, LastIsHalf && isLast);

    private static long LineFloats(WinogradTransform transform, WinogradTiling tiling) =>
        (((tiling.Columns + tiling.Dilation - 1) / tiling.Dilation * transform.Step) + (long)transform.Reach) * tiling.Dilation * Block;
}

/// <summary>Sizes of a Winograd convolution in a run.</summary>
/// <param name="Batch">Images.</param>
/// <param name="Rows">Output rows.</param>
/// <param name="Columns">Output columns.</param>
/// <param name="InputRows"><see cref="Winograd.InputRows"/> in the run.</param>
/// <param name="InputColumns"><see cref="Winograd.InputColumns"/> in the run.</param>
internal sealed record WinogradSizes(Extent Batch, Extent Rows, Extent Columns, Extent InputRows, Extent InputColumns);

/// <summary>Input cells from one tap to the next.</summary>
/// <param name="Rows">From row to row.</param>
/// <param name="Columns">From column to column.</param>
internal readonly record struct WinogradDilation(int Rows, int Columns)
{
    /// <summary>Taps side by side.</summary>
    public static readonly WinogradDilation None = new(1, 1);

    /// <summary>The dilation of a window of two dimensions.</summary>
    public static WinogradDilation Of(SpatialWindow window) => new(window.Dilations[0], window.Dilations[1]);

    /// <summary>For people: <c>, dilation 2×2</c>; empty for taps side by side.</summary>
    public override string ToString() => this == None ? string.Empty : $", dilation {Rows}×{Columns}";
}

/// <summary>How the work of a Winograd convolution is cut.</summary>
/// <param name="Rows">Tile rows of a strip.</param>
/// <param name="Columns">Tile columns of a strip.</param>
/// <param name="Group">Blocks of output channels whose products are made before they are transformed.</param>
/// <param name="Lanes">Shares of the work that can be done at the same time, each with scratch memory of its own.</param>
/// <param name="Dilation">The columns' dilation, of which strips shorter than a row have a multiple of tile columns.</param>
internal readonly record struct WinogradTiling(int Rows, int Columns, int Group, int Lanes, int Dilation = 1)
{
    /// <summary>Tiles of a strip.</summary>
    public int Tiles => Rows * Columns;
}
