using System;
using System.Collections.Generic;
using System.Linq;
using AotCompiler.Emission;
using AotCompiler.Lowering;

namespace AotCompiler.Kernels;

/// <summary>What the choice of a register tile depends on.</summary>
/// <param name="Rows">Rows.</param>
/// <param name="Positions">Positions of a row.</param>
/// <param name="Blocks">Whole blocks of outputs.</param>
/// <param name="SingleBlock">True if a tile may only have one block.</param>
/// <param name="LaneInput">True if each lane has its own input.</param>
/// <param name="Terms">Terms of the innermost loop of the reduction, which a split divides.</param>
/// <param name="ReductionLength">Terms of one output.</param>
internal readonly record struct TileWork(int Rows, int Positions, int Blocks, bool SingleBlock, bool LaneInput, int Terms, long ReductionLength)
{
    /// <summary>How products of codes are summed; null for sums in f32.</summary>
    public CodeForm? Codes { get; init; }

    /// <summary>True if a term is a word of packed weights: its codes keep the units busy.</summary>
    public bool IsPacked { get; init; }

    /// <summary>Outputs of a block.</summary>
    public int Lanes { get; init; } = Layout.BlockSize;

    /// <summary>True if only half of the last block's lanes are computed.</summary>
    public bool LastIsHalf { get; init; }

    /// <summary>True if sums are integers that are no codes.</summary>
    public bool IsInteger { get; init; }

    /// <summary>True if the weights of a term's blocks lie beside each other.</summary>
    public bool IsOneStream { get; init; }

    /// <summary>Most sums that one output can have. Integer additions take one cycle: nothing waits for them.</summary>
    public int Splittable => LaneInput || Codes is not null || IsInteger || IsPacked ? 1 : Terms / 2;
}

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
    /// <summary>Outputs of a block that are summed at once: all, but for <see cref="ScalarTile"/>.</summary>
    public int Lanes { get; init; } = Layout.BlockSize;

    /// <summary>Sums of the largest tile of any width, in floats: 32 registers of 512 bits.</summary>
    public const int MaxSums = 32 * Layout.BlockSize;

    /// <summary>Positions of the largest tile.</summary>
    public const int MaxPositions = 14;

    // Sums that keep two multiply-add units busy over their latency.
    private const int SumsInFlight = 8;

    // In compact code a register more has to bring a hundredth of the time.
    private const double CodePerSum = 0.01;

    // Each block is a stream of weights of its own. Panels often lie a multiple of 4 KiB apart, so that all streams meet in one
    // set of the first-level cache: beyond its 8 ways they evict each other. A single position reads nothing but weights, and
    // four streams already run at the bandwidth of the cache they come from.
    private const int MaxStreams = 6;
    private const int MaxStreamsOfOnePosition = 4;

    // Depthwise blocks share no input: a second one only adds a stream, and a tile of one block is a quarter faster or more.
    private const int MaxStreamsOfLanes = 1;

    /// <summary>Chooses the tile.</summary>
    public static TileChoice Choose(Simd simd, TileWork work)
    {
        var best = new TileChoice(1, 1, 1);
        double bestCost = double.MaxValue;
        foreach ((TileChoice tile, double cost) in All(simd, work))
        {
            if (cost < bestCost * 0.999)
            {
                bestCost = cost;
                best = tile;
            }
        }

        return best.Balanced(simd, work);
    }

    /// <summary>The tile of <see cref="Choose"/>, and then all others by estimated cycles.</summary>
    public static IReadOnlyList<TileChoice> Ranked(Simd simd, TileWork work) => All(simd, work)
        .OrderBy(static c => c.Cost)
        .Select(c => c.Tile.Balanced(simd, work))
        .Prepend(Choose(simd, work))
        .Distinct()
        .ToArray();

    /// <summary>
    /// A tile that needs little code: few registers, and no remainders. Blocks divide evenly; so do positions, unless the last tile may
    /// begin earlier and repeat some of the work of the one before.
    /// </summary>
    /// <param name="simd">Vector width.</param>
    /// <param name="work">What is tiled.</param>
    /// <param name="mayRepeat">True if outputs may be computed twice.</param>
    public static TileChoice Compact(Simd simd, TileWork work, bool mayRepeat)
    {
        var best = new TileChoice(1, 1, 1);
        double bestCost = double.MaxValue;
        foreach (TileChoice tile in All(simd, work).Select(static c => c.Tile with { Split = 1 }))
        {
            int sums = tile.Positions * tile.Blocks * simd.RegistersPerBlock;
            bool isEven = work.Blocks % tile.Blocks == 0 && (mayRepeat || work.Positions % tile.Positions == 0);
            if ((sums > SumsInFlight && tile.Positions * tile.Blocks > 1) || !isEven)
            {
                continue;
            }

            double tiles = (double)(work.Blocks / tile.Blocks) * ((work.Positions + tile.Positions - 1) / tile.Positions);
            double cost = tiles * TileCost.PerTerm(simd, tile.Positions, new TileRow(simd, tile.Blocks, LastIsHalf: false), 1, work) * (1 + (CodePerSum * sums));
            if (cost < bestCost)
            {
                bestCost = cost;
                best = tile;
            }
        }

        return best;
    }

    /// <summary>For people and tuning files: <c>tile 7x2</c> is 7 positions and 2 blocks of 16.</summary>
    public override string ToString() => $"tile {Positions}x{Blocks}";

    /// <summary>Estimated cycles of all sums of so many terms with this tile.</summary>
    public double Cycles(Simd simd, int rows, int positions, int blocks, long terms, CodeForm? codes = null)
    {
        var work = new TileWork(rows, positions, blocks, SingleBlock: false, LaneInput: false, Terms: 1, terms) { Codes = codes };
        return (double)rows * terms * (this with { Blocks = Math.Min(Blocks, blocks) }).Cost(simd, work);
    }

    private static IEnumerable<(TileChoice Tile, double Cost)> All(Simd simd, TileWork work)
    {
        int streams = work.LaneInput ? MaxStreamsOfLanes : work.IsOneStream ? work.Blocks : work.Rows * work.Positions == 1 ? MaxStreamsOfOnePosition : MaxStreams;
        int maxBlocks = work.SingleBlock ? 1 : Math.Min(Math.Min(work.Blocks, streams), 16 / simd.RegistersPerBlock);
        for (int q = 1; q <= maxBlocks; q++)
        {
            // A tile of all blocks always ends with the half one.
            int row = new TileRow(simd, q, work.LastIsHalf && q == work.Blocks).Count;
            for (int p = 1; p <= Math.Min(work.Positions, MaxPositions) && Fits(simd, p, row, work.Codes is { } form ? CodeTileTerms.OtherRegisters(simd, form, row) : work.IsPacked ? 2 : 1); p++)
            {
                var tile = new TileChoice(p, q, SplitOf(p * row, work.Splittable));
                yield return (tile, work.Rows * tile.Cost(simd, work));
            }
        }
    }

    /// <summary>True if accumulators, one row of weights, one broadcast and constants fit the register file.</summary>
    private static bool Fits(Simd simd, int positions, int row, int others) => positions == 1
        ? row <= (simd.RegisterCount * 3 / 4)
        : (positions * row) + row + others <= simd.RegisterCount;

    private static int SplitOf(int sums, int most)
    {
        int split = 1;
        while (sums * split * 2 <= SumsInFlight && split * 2 <= most)
        {
            split *= 2;
        }

        return split;
    }

    /// <summary>Cycles per term of a row.</summary>
    private double Cost(Simd simd, TileWork work)
    {
        double cost = 0;
        int whole = work.LastIsHalf ? work.Blocks - 1 : work.Blocks;
        int tiled = whole / Blocks * Blocks;
        foreach ((int positionCount, int positionTile) in Parts(work.Positions, Positions))
        {
            double full = TileCost.PerTerm(simd, positionTile, new TileRow(simd, Blocks, LastIsHalf: false), Split, work);
            double last = work.Blocks > tiled ? TileCost.PerTerm(simd, positionTile, new TileRow(simd, work.Blocks - tiled, work.LastIsHalf), Split, work) : 0;
            cost += positionCount * ((whole / Blocks * full) + last);
        }

        return cost;
    }

    private static (int Count, int Tile)[] Parts(int total, int tile) => total % tile == 0
        ? new[] { (total / tile, tile) }
        : new[] { (total / tile, tile), (1, total % tile) };

    /// <summary>Spreads the positions evenly over as many tiles as the full size needs: 7 + 7 instead of 12 + 2.</summary>
    private TileChoice Balanced(Simd simd, TileWork work)
    {
        int tiles = (work.Positions + Positions - 1) / Positions;
        int even = (work.Positions + tiles - 1) / tiles;
        return new TileChoice(even, Blocks, SplitOf(even * new TileRow(simd, Blocks, work.LastIsHalf && Blocks == work.Blocks).Count, work.Splittable));
    }
}
