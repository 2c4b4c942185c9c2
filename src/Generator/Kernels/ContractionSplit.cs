using System;
using System.Collections.Generic;
using System.Linq;
using AotCompiler.Ir;
using AotCompiler.Lowering;

namespace AotCompiler.Kernels;

/// <summary>A loop of a contraction around its register tiles.</summary>
internal enum ContractionLoop
{
    None,
    Batch,
    Groups,
    Blocks,
    Rows,
    Positions,
}

/// <summary>The loop of a contraction whose iterations threads share. Every sum stays whole, whatever the loop.</summary>
/// <param name="Loop">Which loop.</param>
/// <param name="BatchLoop">Which of the batch loops, if it is one.</param>
/// <param name="Units">Iterations: tiles in the loops over blocks and positions.</param>
internal readonly record struct ContractionSplit(ContractionLoop Loop, int BatchLoop, int Units)
{
    public static readonly ContractionSplit None = new(ContractionLoop.None, -1, 1);

    // The shares of two threads should be even; those of three and four nearly as much.
    private static readonly (int Threads, double Weight)[] Teams = { (2, 0.5), (3, 0.15), (4, 0.25), (8, 0.1) };

    // What a core reads that another one reads too competes with its own work: a weak reason against a split.
    private const double SharingPenalty = 0.1;

    // Shares of so many units are even enough.
    private const int EvenUnits = 512;

    public bool IsBatch(int loop) => Loop == ContractionLoop.Batch && BatchLoop == loop;

    /// <summary>The loop with the most even shares; of equal ones that which makes threads read less of the same memory.</summary>
    public static ContractionSplit Choose(Contraction work, TileChoice tile)
    {
        ContractionSplit best = None;
        double bestScore = 0;
        foreach ((ContractionSplit split, double score) in Candidates(work, tile))
        {
            if (split.Units > 1 && score > bestScore)
            {
                best = split;
                bestScore = score;
            }
        }

        return best;
    }

    private static IEnumerable<(ContractionSplit Split, double Score)> Candidates(Contraction work, TileChoice tile)
    {
        double weights = Bytes(work.Weights);
        double input = Bytes(work.Input);
        double total = weights + input + Bytes(work.Output);
        for (int i = 0; i < work.BatchExtents.Count; i++)
        {
            bool ownWeights = work.WeightBatchStrides[i] != 0;
            yield return (new ContractionSplit(ContractionLoop.Batch, i, work.BatchExtents[i].Maximum), Score(Equal(work.BatchExtents[i].Maximum), ownWeights ? 0 : weights / total));
        }

        yield return (new ContractionSplit(ContractionLoop.Groups, -1, work.Groups), Score(Equal(work.Groups), 0));
        int[] blocks = BlockTiles(work, tile);
        yield return (new ContractionSplit(ContractionLoop.Blocks, -1, blocks.Length), Score(blocks, work.LaneInput ? 0 : input / total));
        yield return (new ContractionSplit(ContractionLoop.Rows, -1, work.Rows), Score(Equal(work.Rows), weights / total));
        if (work.Rows == 1)
        {
            int[] positions = Tiles(work.Positions, tile.Positions).ToArray();
            yield return (new ContractionSplit(ContractionLoop.Positions, -1, positions.Length), Score(positions, weights / total));
        }
    }

    /// <summary>Blocks in each tile, as the writer goes through them: whole tiles, a smaller one, the block with lanes that are not real.</summary>
    private static int[] BlockTiles(Contraction work, TileChoice tile)
    {
        int whole = work.LastLanes == Layout.BlockSize ? work.Blocks : work.Blocks - 1;
        IEnumerable<int> tiles = Tiles(whole, tile.Blocks);
        return (whole < work.Blocks ? tiles.Append(1) : tiles).ToArray();
    }

    private static IEnumerable<int> Tiles(int total, int size)
    {
        for (int start = 0; start < total; start += size)
        {
            yield return Math.Min(size, total - start);
        }
    }

    private static int[] Equal(int count) => Enumerable.Repeat(1, count).ToArray();

    /// <summary>Time on one thread over that on several, as a part of the ideal, weighed over numbers of threads.</summary>
    private static double Score(int[] units, double sharedPart)
    {
        if (units.Length > EvenUnits)
        {
            return 1 - (SharingPenalty * sharedPart);
        }

        long total = units.Sum(static u => (long)u);
        double score = 0;
        foreach ((int threads, double weight) in Teams)
        {
            long longest = Enumerable.Range(0, threads).Max(t => Share(units, t, threads));
            score += longest == 0 ? 0 : weight * total / (threads * (double)longest);
        }

        return score - (SharingPenalty * sharedPart);
    }

    private static long Share(int[] units, int share, int shares)
    {
        int begin = (int)((long)units.Length * share / shares);
        int end = (int)((long)units.Length * (share + 1) / shares);
        return units.Skip(begin).Take(end - begin).Sum(static u => (long)u);
    }

    private static double Bytes(TensorView view) => (double)view.Shape.ElementCount * view.Type.Size();
}
