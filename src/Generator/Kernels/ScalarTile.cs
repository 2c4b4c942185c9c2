using System;
using System.Collections.Generic;
using System.Linq;
using AotCompiler.Lowering;

namespace AotCompiler.Kernels;

/// <summary>
/// Register tiles where there are no vectors: positions times some of a block's outputs, each sum in a register of its own. Chosen by
/// the number of instructions, which is what such processors take their time for.
/// </summary>
internal static class ScalarTile
{
    /// <summary>Sums of the largest tile.</summary>
    public const int MaxSums = 32;

    /// <summary>
    /// Registers for sums and what waits beside them, of the 32 of 32-bit Arm's floating-point unit. Others are for a weight or input and a product.
    /// </summary>
    private const int Registers = 28;

    /// <summary>The same in integers, of 13, which also hold the pointers.</summary>
    private const int IntegerRegisters = 8;

    /// <summary>Sums in compact code, where each costs an epilogue.</summary>
    private const int CompactSums = 16;

    /// <summary>Positions of a depthwise tile, whose taps are all written out.</summary>
    private const int LanePositions = 8;
    private const int CompactLanePositions = 4;
    private const int IntegerLanePositions = 5;

    /// <summary>Instructions of the loop around a term: two pointers, a comparison, a jump.</summary>
    private const double Loop = 4;

    /// <summary>Instructions around a tile: pointers and the loops that it stands in.</summary>
    private const double Tile = 16;

    /// <summary>Chooses the tile of fewest instructions, remainders included.</summary>
    public static TileChoice Choose(TileWork work) => Best(work, All(work, work.Codes is null ? LanePositions : IntegerLanePositions));

    /// <summary>
    /// A tile that needs little code: no remainders, unless the last tile may begin earlier and repeat some of the work of the one before.
    /// </summary>
    /// <param name="work">What is tiled.</param>
    /// <param name="mayRepeat">True if outputs may be computed twice.</param>
    public static TileChoice Compact(TileWork work, bool mayRepeat) => Best(
        work,
        All(work, CompactLanePositions).Where(t => t.Positions * t.Lanes <= CompactSums
            && work.Lanes % t.Lanes == 0
            && (mayRepeat || work.Positions % t.Positions == 0)));

    private static TileChoice Best(TileWork work, IEnumerable<TileChoice> tiles)
    {
        TileChoice best = tiles.OrderBy(t => Cost(work, t)).ThenBy(static t => t.Positions * t.Lanes).First();
        int count = (work.Positions + best.Positions - 1) / best.Positions;
        return best with { Positions = (work.Positions + count - 1) / count };
    }

    private static IEnumerable<TileChoice> All(TileWork work, int lanePositions) =>
        from positions in Enumerable.Range(1, Math.Max(1, Math.Min(work.Positions, work.LaneInput ? lanePositions : TileChoice.MaxPositions)))
        from lanes in Enumerable.Range(1, work.LaneInput ? 1 : Math.Min(work.Lanes, Layout.BlockSize))
        where work.LaneInput || (positions * lanes) + Math.Min(positions, lanes) <= (work.Codes is null ? Registers : IntegerRegisters)
        select new TileChoice(positions, 1, 1) { Lanes = lanes };

    /// <summary>Instructions for all positions of a row and all outputs of a block.</summary>
    private static double Cost(TileWork work, TileChoice tile) => (
        from p in Parts(work.Positions, tile.Positions)
        from l in Parts(work.Lanes, tile.Lanes)
        select p.Count * l.Count * (Tile + (work.ReductionLength * PerTerm(p.Size, l.Size)))).Sum();

    /// <summary>A multiplication and an addition for each sum, a load for each input and weight.</summary>
    private static double PerTerm(int positions, int lanes) => (2 * positions * lanes) + positions + lanes + Loop;

    private static IEnumerable<(int Count, int Size)> Parts(int total, int size)
    {
        yield return (total / size, size);
        if (total % size != 0)
        {
            yield return (1, total % size);
        }
    }
}
