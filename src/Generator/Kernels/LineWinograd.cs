using System;
using AotCompiler.Emission;
using AotCompiler.Lowering;

namespace AotCompiler.Kernels;

/// <summary>
/// A convolution with three taps along one dimension and one along the other: each tile of m outputs along that dimension takes
/// m + 2 products instead of 3·m.
/// </summary>
internal sealed record LineWinograd : MinimalFiltering
{
    private const int Block = Layout.BlockSize;

    public required RealWinogradTransform Transform { get; init; }

    /// <summary>True if the taps lie below one another, false if they lie side by side.</summary>
    public required bool Vertical { get; init; }

    /// <summary>Rows of tiles of a strip.</summary>
    public required int StripRows { get; init; }

    /// <summary>Lanes of <see cref="Points"/> and <see cref="Products"/>: shares of the strips that can be done at the same time.</summary>
    public required int Lanes { get; init; }

    /// <summary>
    /// True if threads share the output channels of the only strip: each makes all points on its own stack, which is little beside the products.
    /// </summary>
    public bool SharesBlocks => Strips == 1 && Blocks > 1 && (InputPlane + ProductPlane) * Transform.Points * sizeof(float) <= StepWriter.MaxLocalBytes;

    /// <summary>Cells of the input buffer along the taps that may be read, from the first tap on; those a tile lacks count as zeros.</summary>
    public required int InputLength { get; init; }

    /// <summary>Tile rows of the image.</summary>
    public int TileRows => Vertical ? Tiles(Rows, Transform) : Rows;

    /// <summary>Strips of an image.</summary>
    public int Strips => (TileRows + StripRows - 1) / StripRows;

    /// <summary>Tiles in a row.</summary>
    public int TileColumns => Vertical ? Columns : Tiles(Columns, Transform);

    /// <summary>Tiles of a strip.</summary>
    public int StripTiles => StripRows * TileColumns;

    public override long InputPlane => Plane(Layout.BlockCount(Channels), StripTiles);

    public override long ProductPlane => Plane(Blocks, StripTiles);

    /// <summary>Cells behind the input's end that the last tile along the taps lacks.</summary>
    public int MissingCells => Math.Max(0, (Tiles(Vertical ? Rows : Columns, Transform) * Transform.Outputs) + 2 - InputLength);

    /// <summary>Real outputs of the last tile along the taps.</summary>
    public int LastOutputs => (((Vertical ? Rows : Columns) - 1) % Transform.Outputs) + 1;

    /// <summary>Multiply-adds of the direct sum, so that rates of both kernels compare.</summary>
    public long MultiplyAdds => (long)Batch * Rows * Columns * 3 * Channels * Blocks * Block;

    /// <summary>Tiles that cover so many outputs.</summary>
    public static int Tiles(int outputs, RealWinogradTransform transform) => (outputs + transform.Outputs - 1) / transform.Outputs;

    /// <summary>Floats of one of the scratch memories.</summary>
    public static long ScratchFloats(RealWinogradTransform transform, int blocks, int tiles) => transform.Points * Plane(blocks, tiles);

    /// <summary>The products of a strip at all points.</summary>
    public Contraction Contraction() => Multiply(Transform.Points, Blocks, StripTiles);
}
