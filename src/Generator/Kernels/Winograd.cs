using System;
using System.Collections.Generic;
using AotCompiler.Emission;
using AotCompiler.Ir;
using AotCompiler.Lowering;

namespace AotCompiler.Kernels;

/// <summary>
/// A 3×3 convolution of stride 1 by Winograd's minimal filtering, strip by strip: the strip's input tiles are transformed into
/// one matrix [tiles, channels] per point, each is multiplied with the point's weights, and the products are transformed to outputs.
/// </summary>
internal sealed record Winograd
{
    private const int Block = Layout.BlockSize;

    public required WinogradTransform Transform { get; init; }

    public required WinogradTiling Tiling { get; init; }

    public required int Batch { get; init; }

    /// <summary>Input channels.</summary>
    public required int Channels { get; init; }

    /// <summary>Blocks of 16 output channels.</summary>
    public required int Blocks { get; init; }

    /// <summary>Output rows.</summary>
    public required int Rows { get; init; }

    /// <summary>Output columns.</summary>
    public required int Columns { get; init; }

    /// <summary>Rows of the input buffer that may be read, from the first tap on; those a tile lacks count as zeros.</summary>
    public required int InputRows { get; init; }

    /// <summary>Columns of the input buffer that may be read, from the first tap on.</summary>
    public required int InputColumns { get; init; }

    /// <summary>The input from the first tap of output (0, 0) on, blocked.</summary>
    public required TensorView Input { get; init; }

    public required OutputStrides InputStrides { get; init; }

    /// <summary>
    /// Transformed weights [group of blocks, point, block of the group, channel, 16]; the last group may have fewer blocks. Of codes the
    /// weights themselves [block, pair of channels, tap, 16, 2] as signed bytes.
    /// </summary>
    public required TensorView Weights { get; init; }

    /// <summary>For an input of codes, which the sums of integers of 32 bits take; null for f32.</summary>
    public WinogradCodes? Codes { get; init; }

    /// <summary><see cref="RealWinogradTransform.Constants"/>.</summary>
    public TensorView? Constants { get; init; }

    /// <summary>One value per output channel, padded to whole blocks; null for none.</summary>
    public TensorView? Bias { get; init; }

    public required TensorView Output { get; init; }

    public required OutputStrides OutputStrides { get; init; }

    /// <summary>Element-wise work on each sum before it is stored; operand 0 is the sum.</summary>
    public ElementProgram? Epilogue { get; init; }

    /// <summary>Operands 1, 2, … of the epilogue.</summary>
    public IReadOnlyList<EpilogueOperand> EpilogueOperands { get; init; } = Array.Empty<EpilogueOperand>();

    /// <summary>
    /// The transformed input of a strip: [point, input block, tile, 16], of codes [point, tile, channel], see <see cref="InputPlane"/>;
    /// one for each lane, unless a step of its own makes it.
    /// </summary>
    public required TensorView Points { get; init; }

    /// <summary>The products of a strip and a group of blocks: [point, block, tile, 16], see <see cref="ProductPlane"/>; one for each lane.</summary>
    public required TensorView Products { get; init; }

    /// <summary>A tile row transformed along one dimension; one for each lane.</summary>
    public required TensorView Lines { get; init; }

    /// <summary>Elements from one point to the next of <see cref="Points"/>.</summary>
    public long InputPlane => Plane(Layout.BlockCount(Channels), Tiling.Tiles);

    /// <summary>Elements from one block of input channels to the next of a point.</summary>
    public long InputBlock => Codes is null ? (long)Tiling.Tiles * Block : Block;

    /// <summary>Elements from one tile to the next of a point.</summary>
    public long InputTile => Codes is null ? Block : (long)Layout.BlockCount(Channels) * Block;

    /// <summary>Elements from one point to the next of <see cref="Products"/>.</summary>
    public long ProductPlane => Plane(Tiling.Group, Tiling.Tiles);

    /// <summary>Strips of tile rows of all images; each may be one of several side by side.</summary>
    public int RowStrips => Batch * RowStripsOf(Rows, Transform, Tiling);

    /// <summary>True if one strip is the whole work.</summary>
    public bool IsOneStrip => RowStrips == 1 && Tiling.Columns == TileColumns;

    /// <summary>Groups of output blocks.</summary>
    public int Groups => (Blocks + Tiling.Group - 1) / Tiling.Group;

    /// <summary>Floats of one line of <see cref="Lines"/>.</summary>
    public long LineLength => LineFloats(Transform, Tiling);

    /// <summary>Tiles in a column.</summary>
    public int TileRows => (Rows + Transform.Outputs - 1) / Transform.Outputs;

    /// <summary>Tiles in a row.</summary>
    public int TileColumns => (Columns + Transform.Outputs - 1) / Transform.Outputs;

    /// <summary>The register tile of the products of a strip with a group of so many blocks.</summary>
    public static TileChoice Tile(Simd simd, WinogradTiling tiling, int blocks, int channels, bool codes) => TileChoice.Choose(simd, codes
        ? new TileWork(1, tiling.Tiles, blocks, SingleBlock: false, LaneInput: false, WinogradCodes.Pairs(channels), WinogradCodes.Pairs(channels)) { Codes = CodeForm.Pairs }
        : new TileWork(1, tiling.Tiles, blocks, SingleBlock: false, LaneInput: false, Math.Min(channels, Block), channels));

    /// <summary>Strips of tile rows of one image.</summary>
    public static int RowStripsOf(int rows, WinogradTransform transform, WinogradTiling tiling) =>
        (((rows + transform.Outputs - 1) / transform.Outputs) + tiling.Rows - 1) / tiling.Rows;

    /// <summary>Elements of the scratch memories of one lane for points, products and lines.</summary>
    public static (long Points, long Products, long Lines) ScratchLengths(WinogradTransform transform, WinogradTiling tiling, int channels) => (
        transform.Products * Plane(Layout.BlockCount(channels), tiling.Tiles),
        transform.Products * Plane(tiling.Group, tiling.Tiles),
        transform.Points * LineFloats(transform, tiling));

    /// <summary>The products of all points for a group of so many blocks.</summary>
    public Contraction ProductsOf(int blocks) => Codes is { } codes ? codes.ProductsOf(this, blocks) : RealProductsOf(blocks);

    private Contraction RealProductsOf(int blocks)
    {
        int tiles = Tiling.Tiles;
        int full = Channels / Block;
        var reduction = new List<ReductionPart>();
        if (full > 0)
        {
            var lanes = new ReductionLoop(Block, 1);
            reduction.Add(new ReductionPart(0, full == 1 ? new[] { lanes } : new[] { new ReductionLoop(full, tiles * Block), lanes }));
        }

        if (Channels % Block > 0)
        {
            reduction.Add(new ReductionPart((long)full * tiles * Block, new[] { new ReductionLoop(Channels % Block, 1) }));
        }

        return new Contraction
        {
            BatchExtents = new Ir.Extent[] { Transform.Products },
            Blocks = blocks,
            Rows = 1,
            Positions = tiles,
            Reduction = reduction,
            Input = Points,
            InputStrides = new OutputStrides(new[] { InputPlane }, 0, 0, 0, Block),
            Weights = Weights,
            WeightBatchStrides = new[] { (long)blocks * Channels * Block },
            Output = Products,
            OutputStrides = new OutputStrides(new[] { ProductPlane }, 0, tiles * Block, 0, Block),
        };
    }

    /// <summary>An odd number of cache lines, so that the planes of one tile do not compete for the same sets of the cache.</summary>
    public static long Plane(int blocks, int tiles) => (((long)blocks * tiles) | 1) * Block;

    private static long LineFloats(WinogradTransform transform, WinogradTiling tiling) => ((tiling.Columns * transform.Outputs) + 2L) * Block;
}

/// <summary>How the work of a Winograd convolution is cut.</summary>
/// <param name="Rows">Tile rows of a strip.</param>
/// <param name="Columns">Tile columns of a strip.</param>
/// <param name="Group">Blocks of output channels whose products are made before they are transformed.</param>
/// <param name="Lanes">Shares of the work that can be done at the same time, each with scratch memory of its own.</param>
internal readonly record struct WinogradTiling(int Rows, int Columns, int Group, int Lanes)
{
    /// <summary>Tiles of a strip.</summary>
    public int Tiles => Rows * Columns;
}
