using System;
using System.Collections.Generic;
using AotCompiler.Ir;
using AotCompiler.Lowering;

namespace AotCompiler.Kernels;

/// <summary>
/// A convolution by Winograd's minimal filtering, strip by strip: the strip's input tiles are transformed into one matrix
/// [tiles, channels] per point, each is multiplied with the point's weights, and the products are transformed to outputs.
/// </summary>
internal abstract record MinimalFiltering
{
    public required int Batch { get; init; }

    /// <summary>Input channels.</summary>
    public required int Channels { get; init; }

    /// <summary>Blocks of 16 output channels.</summary>
    public required int Blocks { get; init; }

    /// <summary>Output rows.</summary>
    public required int Rows { get; init; }

    /// <summary>Output columns.</summary>
    public required int Columns { get; init; }

    /// <summary>The input from the first tap of output (0, 0) on, blocked.</summary>
    public required TensorView Input { get; init; }

    public required OutputStrides InputStrides { get; init; }

    /// <summary>Weights: of f32 transformed, [point, block, channel, 16] of all blocks or of each group of them.</summary>
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

    /// <summary>
    /// The transformed input of a strip: [point, input block, tile, 16], of codes [point, tile, channel], see <see cref="InputPlane"/>;
    /// one for each lane, unless a step of its own makes it.
    /// </summary>
    public required TensorView Points { get; init; }

    /// <summary>The products of a strip: [point, block, tile, 16], see <see cref="ProductPlane"/>; one for each lane.</summary>
    public required TensorView Products { get; init; }

    /// <summary>Elements from one point to the next of <see cref="Points"/>.</summary>
    public abstract long InputPlane { get; }

    /// <summary>Elements from one point to the next of <see cref="Products"/>.</summary>
    public abstract long ProductPlane { get; }

    /// <summary>An odd number of cache lines, so that the planes of one tile do not compete for the same sets of the cache.</summary>
    public static long Plane(int blocks, int tiles) => (((long)blocks * tiles) | 1) * Layout.BlockSize;

    /// <summary>The products of a strip at all points for so many output blocks.</summary>
    /// <param name="points">Points of the transform, over all dimensions.</param>
    /// <param name="blocks">Blocks of output channels.</param>
    /// <param name="tiles">Tiles of the strip.</param>
    /// <param name="lastIsHalf">True if only half of the last block's outputs are wanted.</param>
    protected Contraction Multiply(int points, int blocks, int tiles, bool lastIsHalf = false)
    {
        int full = Channels / Layout.BlockSize;
        var reduction = new List<ReductionPart>();
        if (full > 0)
        {
            var lanes = new ReductionLoop(Layout.BlockSize, 1);
            reduction.Add(new ReductionPart(0, full == 1 ? new[] { lanes } : new[] { new ReductionLoop(full, (long)tiles * Layout.BlockSize), lanes }));
        }

        if (Channels % Layout.BlockSize > 0)
        {
            reduction.Add(new ReductionPart((long)full * tiles * Layout.BlockSize, new[] { new ReductionLoop(Channels % Layout.BlockSize, 1) }));
        }

        return new Contraction
        {
            BatchExtents = new Extent[] { points },
            Blocks = blocks,
            LastIsHalf = lastIsHalf,
            Rows = 1,
            Positions = tiles,
            Reduction = reduction,
            Input = Points,
            InputStrides = new OutputStrides(new[] { InputPlane }, 0, 0, 0, Layout.BlockSize),
            Weights = Weights,
            FollowingBytes = Weights.Storage.Bytes,
            WeightBatchStrides = new[] { (long)blocks * Channels * Layout.BlockSize },
            Output = Products,
            OutputStrides = new OutputStrides(new[] { ProductPlane }, 0, (long)tiles * Layout.BlockSize, 0, Layout.BlockSize),
        };
    }
}
