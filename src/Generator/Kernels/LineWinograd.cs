using System;
using System.Collections.Generic;
using AotCompiler.Emission;
using AotCompiler.Ir;
using AotCompiler.Lowering;

namespace AotCompiler.Kernels;

/// <summary>
/// A convolution with three taps along one dimension and one along the other, of stride 1, by Winograd's minimal filtering: each
/// tile of m outputs along that dimension takes m + 2 products instead of 3·m. Strips of image rows are transformed, multiplied
/// point by point and transformed to outputs.
/// </summary>
internal sealed record LineWinograd
{
    private const int Block = Layout.BlockSize;

    public required RealWinogradTransform Transform { get; init; }

    /// <summary>True if the taps lie below one another, false if they lie side by side.</summary>
    public required bool Vertical { get; init; }

    public required int Batch { get; init; }

    /// <summary>Input channels.</summary>
    public required int Channels { get; init; }

    /// <summary>Blocks of 16 output channels.</summary>
    public required int Blocks { get; init; }

    /// <summary>Output rows.</summary>
    public required int Rows { get; init; }

    /// <summary>Output columns.</summary>
    public required int Columns { get; init; }

    /// <summary>Rows of tiles of a strip.</summary>
    public required int StripRows { get; init; }

    /// <summary>Lanes of <see cref="Points"/> and <see cref="Products"/>: shares of the strips that can be done at the same time.</summary>
    public required int Lanes { get; init; }

    /// <summary>Cells of the input buffer along the taps that may be read, from the first tap on; those a tile lacks count as zeros.</summary>
    public required int InputLength { get; init; }

    /// <summary>The input from the first tap of output (0, 0) on, blocked.</summary>
    public required TensorView Input { get; init; }

    public required OutputStrides InputStrides { get; init; }

    /// <summary>Transformed weights [point, block, channel, 16].</summary>
    public required TensorView Weights { get; init; }

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

    /// <summary>The transformed input of a strip, one for each lane: [point, input block, tile, 16], see <see cref="InputPlane"/>.</summary>
    public required TensorView Points { get; init; }

    /// <summary>The products of a strip, one for each lane: [point, block, tile, 16], see <see cref="ProductPlane"/>.</summary>
    public required TensorView Products { get; init; }

    /// <summary>Tile rows of the image.</summary>
    public int TileRows => Vertical ? Tiles(Rows, Transform) : Rows;

    /// <summary>Strips of an image.</summary>
    public int Strips => (TileRows + StripRows - 1) / StripRows;

    /// <summary>Tiles in a row.</summary>
    public int TileColumns => Vertical ? Columns : Tiles(Columns, Transform);

    /// <summary>Tiles of a strip.</summary>
    public int StripTiles => StripRows * TileColumns;

    /// <summary>Floats from one point to the next of <see cref="Points"/>.</summary>
    public long InputPlane => Plane(Layout.BlockCount(Channels), StripTiles);

    /// <summary>Floats from one point to the next of <see cref="Products"/>.</summary>
    public long ProductPlane => Plane(Blocks, StripTiles);

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
    public Contraction Contraction()
    {
        int tiles = StripTiles;
        int full = Channels / Block;
        var reduction = new List<ReductionPart>();
        if (full > 0)
        {
            var lanes = new ReductionLoop(Block, 1);
            reduction.Add(new ReductionPart(0, full == 1 ? new[] { lanes } : new[] { new ReductionLoop(full, (long)tiles * Block), lanes }));
        }

        if (Channels % Block > 0)
        {
            reduction.Add(new ReductionPart((long)full * tiles * Block, new[] { new ReductionLoop(Channels % Block, 1) }));
        }

        return new Contraction
        {
            BatchExtents = new Ir.Extent[] { Transform.Points },
            Blocks = Blocks,
            Rows = 1,
            Positions = tiles,
            Reduction = reduction,
            Input = Points,
            InputStrides = new OutputStrides(new[] { InputPlane }, 0, 0, 0, Block),
            Weights = Weights,
            WeightBatchStrides = new[] { (long)Blocks * Channels * Block },
            Output = Products,
            OutputStrides = new OutputStrides(new[] { ProductPlane }, 0, (long)tiles * Block, 0, Block),
        };
    }

    /// <summary>An odd number of cache lines, so that the planes of one tile do not compete for the same sets of the cache.</summary>
    private static long Plane(int blocks, int tiles) => (((long)blocks * tiles) | 1) * Block;
}
