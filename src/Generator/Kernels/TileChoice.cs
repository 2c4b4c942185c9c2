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
internal readonly record struct TileChoice(int Positions, int Blocks)
{
    private const int MaxPositions = 14;

    // Results of a fused multiply-add are needed again by the next term of the same sum, about four cycles later.
    private const double Latency = 4;

    /// <summary>Chooses the tile for so many rows of positions and blocks.</summary>
    public static TileChoice Choose(Simd simd, int rows, int positions, int blocks, bool singleBlock, bool laneInput)
    {
        var best = new TileChoice(1, 1);
        double bestCost = double.MaxValue;
        int maxBlocks = singleBlock ? 1 : Math.Min(blocks, 16 / simd.RegistersPerBlock);
        for (int q = 1; q <= maxBlocks; q++)
        {
            for (int p = 1; p <= Math.Min(positions, MaxPositions) && Fits(simd, p, q); p++)
            {
                double cost = rows * Cost(simd, positions, blocks, p, q, laneInput);
                if (cost < bestCost * 0.999)
                {
                    bestCost = cost;
                    best = new TileChoice(p, q);
                }
            }
        }

        return best.Balanced(positions);
    }

    /// <summary>True if accumulators, one row of weights and one broadcast fit the register file.</summary>
    private static bool Fits(Simd simd, int positions, int blocks)
    {
        int row = blocks * simd.RegistersPerBlock;
        return positions == 1
            ? row <= (simd.RegisterCount * 3 / 4)
            : (positions * row) + row + 1 <= simd.RegisterCount;
    }

    private static double Cost(Simd simd, int positions, int blocks, int p, int q, bool laneInput)
    {
        double cost = 0;
        foreach ((int blockCount, int blockTile) in Parts(blocks, q))
        {
            foreach ((int positionCount, int positionTile) in Parts(positions, p))
            {
                cost += (double)blockCount * positionCount * TileCycles(simd, positionTile, blockTile, laneInput);
            }
        }

        return cost;
    }

    private static double TileCycles(Simd simd, int positions, int blocks, bool laneInput)
    {
        int row = blocks * simd.RegistersPerBlock;
        double multiplyAdds = positions * row / 2.0;
        double loads = (laneInput ? (positions * row) + row : positions + row) / 2.0;
        return Math.Max(Latency, Math.Max(multiplyAdds, loads)) + 0.75;
    }

    private static (int Count, int Tile)[] Parts(int total, int tile) => total % tile == 0
        ? new[] { (total / tile, tile) }
        : new[] { (total / tile, tile), (1, total % tile) };

    /// <summary>Spreads the positions evenly over as many tiles as the full size needs: 7 + 7 instead of 12 + 2.</summary>
    private TileChoice Balanced(int positions)
    {
        int tiles = (positions + Positions - 1) / Positions;
        return this with { Positions = (positions + tiles - 1) / tiles };
    }
}
