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
/// <param name="Units">Iterations, as many as each run has: tiles in the loops over blocks and positions.</param>
internal readonly record struct ContractionSplit(ContractionLoop Loop, int BatchLoop, Extent Units)
{
    public static readonly ContractionSplit None = new(ContractionLoop.None, -1, 1);

    // The shares of two threads should be even; those of three and four nearly as much.
    private static readonly (int Threads, double Weight)[] Teams = { (2, 0.5), (3, 0.15), (4, 0.25), (8, 0.1) };

    // Of a current core, as in Planning.StepCost.
    private const double MultiplyAddsPerNanosecond = 55;

    /// <summary>Bytes per nanosecond of weights that each core keeps in its second-level cache, and of those that are too large.</summary>
    private const double NearWeights = 60;
    private const double FarWeights = 20;
    private const double NearWeightBytes = 512 * 1024;

    /// <summary>Bytes per nanosecond that a core reads of what another core has written just before.</summary>
    private const double RemoteBytesPerNanosecond = 10;

    // Shares of so many units are even enough.
    private const int EvenUnits = 512;

    public bool IsBatch(int loop) => Loop == ContractionLoop.Batch && BatchLoop == loop;

    /// <summary>
    /// The loop by which several threads are estimated to be fastest: with even shares, and with little to read of what another core
    /// has written. Steps that share rows read what their own core wrote in the step before; weights never change, and each core may
    /// have them in its caches.
    /// </summary>
    public static ContractionSplit Choose(Contraction work, TileChoice tile)
    {
        ContractionSplit best = None;
        double bestScore = 0;
        foreach ((ContractionSplit split, double score) in Candidates(work, tile))
        {
            if (split.Units.Maximum > 1 && score > bestScore)
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
        double output = Bytes(work.Output);
        double alone = Math.Max(work.MultiplyAdds / MultiplyAddsPerNanosecond, WeightTime(weights));
        for (int i = 0; i < work.BatchExtents.Count; i++)
        {
            double shared = work.WeightBatchStrides[i] != 0 ? 0 : weights;
            yield return (new ContractionSplit(ContractionLoop.Batch, i, work.BatchExtents[i]), ScoreOfRuns(work.BatchExtents[i], alone, Equal, shared));
        }

        yield return (new ContractionSplit(ContractionLoop.Groups, -1, work.Groups), Score(Equal(work.Groups), alone, 0, 0, input + output));
        int[] blocks = work.ColumnSize is null ? TilesOfBlocks(work, tile) : new[] { 1 };
        yield return (new ContractionSplit(ContractionLoop.Blocks, -1, blocks.Length), work.LaneInput
            ? Score(blocks, alone, 0, 0, input + output)
            : Score(blocks, alone, 0, input, output));
        var rows = new Extent(work.Rows, work.RowSize);
        yield return (new ContractionSplit(ContractionLoop.Rows, -1, rows), ScoreOfRuns(rows, alone, Equal, weights));
        if (work.Rows == 1)
        {
            var positions = new Extent(work.Positions, work.PositionSize);
            Extent tiles = Extent.Of((positions.Expression + Size.Of(tile.Positions - 1)).FloorDivide(tile.Positions));
            yield return (new ContractionSplit(ContractionLoop.Positions, -1, tiles), ScoreOfRuns(positions, alone, count => Tiles(count, tile.Positions).ToArray(), weights));
        }
    }

    /// <summary>
    /// The score of a loop whose length each run may choose: the smallest, the greatest and what lies between count the same, since a
    /// small run has few units to share, often one.
    /// </summary>
    /// <param name="extent">The loop.</param>
    /// <param name="alone">Nanoseconds of the greatest on one thread.</param>
    /// <param name="units">Work of each unit, of so many iterations.</param>
    /// <param name="sharedWeights">Bytes of weights that every thread reads.</param>
    private static double ScoreOfRuns(Extent extent, double alone, Func<int, int[]> units, double sharedWeights)
    {
        if (extent.Size is not { } size)
        {
            return Score(units(extent.Maximum), alone, sharedWeights, 0);
        }

        int least = (int)Math.Max(1, size.LowerBound);
        return new[] { least, (int)Math.Sqrt((double)least * extent.Maximum), extent.Maximum }
            .Average(count => Score(units(count), alone * count / extent.Maximum, sharedWeights, 0));
    }

    private static double WeightTime(double bytes) => bytes / (bytes <= NearWeightBytes ? NearWeights : FarWeights);

    /// <summary>Half blocks in each tile.</summary>
    private static int[] TilesOfBlocks(Contraction work, TileChoice tile) =>
        work.TilesOfBlocks(tile.Blocks).SelectMany(static t => Enumerable.Repeat((int)(2 * t.Work), t.Count)).ToArray();

    private static IEnumerable<int> Tiles(int total, int size)
    {
        for (int start = 0; start < total; start += size)
        {
            yield return Math.Min(size, total - start);
        }
    }

    private static int[] Equal(int count) => Enumerable.Repeat(1, count).ToArray();

    /// <summary>Time on one thread over that on several, as a part of the ideal, weighed over numbers of threads.</summary>
    /// <param name="units">Work of each unit.</param>
    /// <param name="alone">Nanoseconds on one thread.</param>
    /// <param name="sharedWeights">Bytes of weights that every thread reads.</param>
    /// <param name="whole">Bytes that every thread reads and others have written.</param>
    /// <param name="divided">Bytes of which each thread has its part, which others have written or will read.</param>
    private static double Score(int[] units, double alone, double sharedWeights, double whole, double divided = 0)
    {
        long total = units.Sum(static u => (long)u);
        double score = 0;
        foreach ((int threads, double weight) in Teams)
        {
            long longest = units.Length > EvenUnits ? (total + threads - 1) / threads : Enumerable.Range(0, threads).Max(t => Share(units, t, threads));
            if (longest == 0)
            {
                continue;
            }

            double remote = (whole + (divided / threads)) * (threads - 1) / threads / RemoteBytesPerNanosecond;
            double time = Math.Max(alone * longest / total, WeightTime(sharedWeights)) + remote;
            score += weight * alone / (threads * time);
        }

        return score;
    }

    private static long Share(int[] units, int share, int shares)
    {
        int begin = (int)((long)units.Length * share / shares);
        int end = (int)((long)units.Length * (share + 1) / shares);
        return units.Skip(begin).Take(end - begin).Sum(static u => (long)u);
    }

    private static double Bytes(TensorView view) => (double)view.Shape.ElementCount * view.Type.Size();
}
