using System;
using AotCompiler.Emission;
using AotCompiler.Lowering;

namespace AotCompiler.Kernels;

/// <summary>
/// The register tile of a contraction: so many positions times so many blocks of 16 channels are summed at once.
/// Chosen by estimated cycles over the whole output, remainders included.
/// </summary>
/// <param name="Positions">Positions of a full tile.</param>
/// <param name="Blocks">Blocks of a full tile.</param>
/// <param name="Split">
/// Sums per output, a power of two: terms take turns, so that a tile of few outputs does not wait for its own sums. The same for
/// all tiles of a step, so that an output does not depend on the tile it falls into.
/// </param>
internal readonly record struct TileChoice(int Positions, int Blocks, int Split)
{
    /// <summary>Sums of the largest tile of any width, in floats: 32 registers of 512 bits.</summary>
    public const int MaxSums = 32 * Layout.BlockSize;

    /// <summary>Most positions of a tile.</summary>
    public const int MaxPositions = 14;

    // Results of a fused multiply-add are needed again by the next term of the same sum, about four cycles later.
    private const double Latency = 4;

    // Sums that keep two multiply-add units busy over that latency.
    private const int SumsInFlight = 8;

    // Each block is a stream of weights of its own. Panels often lie a multiple of 4 KiB apart, so that all streams meet in one
    // set of the first-level cache: beyond its 8 ways they evict each other. A single position reads nothing but weights, and
    // four streams already run at the bandwidth of the cache they come from.
    private const int MaxStreams = 6;
    private const int MaxStreamsOfOnePosition = 4;

    // Depthwise blocks share no input: a second one only adds a stream, and a tile of one block is a quarter faster or more.
    private const int MaxStreamsOfLanes = 1;

    /// <summary>Chooses the tile for so many rows of positions and blocks.</summary>
    /// <param name="simd">Vector width.</param>
    /// <param name="rows">Rows.</param>
    /// <param name="positions">Positions of a row.</param>
    /// <param name="blocks">Whole blocks of outputs.</param>
    /// <param name="singleBlock">True if a tile may only have one block.</param>
    /// <param name="laneInput">True if each lane has its own input.</param>
    /// <param name="terms">Terms of the innermost loop of the reduction, which a split divides.</param>
    public static TileChoice Choose(Simd simd, int rows, int positions, int blocks, bool singleBlock, bool laneInput, int terms)
    {
        int splittable = laneInput ? 1 : terms / 2;
        var best = new TileChoice(1, 1, 1);
        double bestCost = double.MaxValue;
        int streams = laneInput ? MaxStreamsOfLanes : rows * positions == 1 ? MaxStreamsOfOnePosition : MaxStreams;
        int maxBlocks = singleBlock ? 1 : Math.Min(Math.Min(blocks, streams), 16 / simd.RegistersPerBlock);
        for (int q = 1; q <= maxBlocks; q++)
        {
            for (int p = 1; p <= Math.Min(positions, MaxPositions) && Fits(simd, p, q); p++)
            {
                int split = SplitOf(p * q * simd.RegistersPerBlock, splittable);
                double cost = rows * Cost(simd, positions, blocks, new TileChoice(p, q, split), laneInput);
                if (cost < bestCost * 0.999)
                {
                    bestCost = cost;
                    best = new TileChoice(p, q, split);
                }
            }
        }

        return best.Balanced(simd, positions, splittable);
    }

    /// <summary>Estimated cycles of all sums of so many terms with this tile.</summary>
    public double Cycles(Simd simd, int rows, int positions, int blocks, long terms) =>
        (double)rows * terms * Cost(simd, positions, blocks, this with { Blocks = Math.Min(Blocks, blocks) }, laneInput: false);

    /// <summary>True if accumulators, one row of weights and one broadcast fit the register file.</summary>
    private static bool Fits(Simd simd, int positions, int blocks)
    {
        int row = blocks * simd.RegistersPerBlock;
        return positions == 1
            ? row <= (simd.RegisterCount * 3 / 4)
            : (positions * row) + row + 1 <= simd.RegisterCount;
    }

    private static int SplitOf(int sums, int most)
    {
        int split = 1;
        while (sums * split * 2 <= SumsInFlight && split * 2 <= most)
        {
            split *= 2;
        }

        return split;
    }

    private static double Cost(Simd simd, int positions, int blocks, TileChoice tile, bool laneInput)
    {
        double cost = 0;
        foreach ((int blockCount, int blockTile) in Parts(blocks, tile.Blocks))
        {
            foreach ((int positionCount, int positionTile) in Parts(positions, tile.Positions))
            {
                cost += (double)blockCount * positionCount * TileCycles(simd, positionTile, blockTile, tile.Split, laneInput);
            }
        }

        return cost;
    }

    /// <summary>Cycles per term. A split saves loop overhead but not the loads of weights that a larger tile shares.</summary>
    private static double TileCycles(Simd simd, int positions, int blocks, int split, bool laneInput)
    {
        int row = blocks * simd.RegistersPerBlock;
        double multiplyAdds = positions * row / 2.0;
        double loads = (laneInput ? (positions * row) + row : positions + row) / 2.0;
        return Math.Max(Latency / split, Math.Max(multiplyAdds, loads)) + (split > 1 ? 0.5 : 0.75);
    }

    private static (int Count, int Tile)[] Parts(int total, int tile) => total % tile == 0
        ? new[] { (total / tile, tile) }
        : new[] { (total / tile, tile), (1, total % tile) };

    /// <summary>Spreads the positions evenly over as many tiles as the full size needs: 7 + 7 instead of 12 + 2.</summary>
    private TileChoice Balanced(Simd simd, int positions, int splittable)
    {
        int tiles = (positions + Positions - 1) / Positions;
        int even = (positions + tiles - 1) / tiles;
        return new TileChoice(even, Blocks, SplitOf(even * Blocks * simd.RegistersPerBlock, splittable));
    }
}
