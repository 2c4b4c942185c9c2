using System;
using AotCompiler.Emission;
using AotCompiler.Ir;
using AotCompiler.Lowering;

namespace AotCompiler.Kernels;

/// <summary>
/// The cost model of register tiles: cycles per term of the sum, for a core with two multiply-add units and two loads a cycle (where
/// 512-bit operations take two cycles, all costs double alike).
/// </summary>
/// <remarks>
/// Fitted to measurements of <c>aotc tune</c> on MobileNetV2, ResNet-50, SqueezeNet, BERT-mini, UltraFace and a MobileNetV1 of 0.25 width,
/// at 512 and 256 bits (some 2,000 times of tiles in running models, on Zen 4), by <c>eng/cost-model/fit.py</c>, which says how far a
/// tile that the model prefers is from the fastest: 1 to 2 % of the time of these layers. Run it again for another machine.
/// </remarks>
internal static class TileCost
{
    /// <summary>Cycles after which the result of a multiply-add can be added to.</summary>
    private const double Latency = 4;

    /// <summary>Cycles of the loop around a term.</summary>
    private const double Loop = 0.75;

    /// <summary>The same where several sums per output take turns, which share the loop.</summary>
    private const double SplitLoop = 0.5;

    /// <summary>The same for a term of two words, whose loop hides behind the operations.</summary>
    private const double PairLoop = 0.4;

    private const double LineBytes = 64;

    /// <summary>Cycles to bring 64 bytes of weights from the second-level cache, at 512 bits and at less.</summary>
    private const double WideStream = 1.0;
    private const double NarrowStream = 2.0;

    /// <summary>Weights of a tile up to this size stay in the first-level cache from one tile to the next.</summary>
    private const long FirstLevelBytes = 24 * 1024;

    /// <summary>Cycles per term of one tile: the slowest of arithmetic, waiting for sums, loads and weights, and the loop.</summary>
    /// <param name="simd">Vector width.</param>
    /// <param name="positions">Positions of the tile.</param>
    /// <param name="tile">Registers of a position.</param>
    /// <param name="split">Sums per output.</param>
    /// <param name="work">What is computed.</param>
    public static double PerTerm(Simd simd, int positions, TileRow tile, int split, TileWork work)
    {
        if (work.Codes is { } form)
        {
            return CodesPerTerm(form, positions, tile.Count);
        }

        double row = tile.Work;
        int blockBytes = Layout.BlockSize * simd.ElementType.Size();
        double multiplyAdds = positions * row / 2.0;
        double loads = (work.LaneInput ? (positions * row) + row : positions + row) / 2.0;
        double weights = work.LaneInput || work.ReductionLength * tile.Blocks * blockBytes <= FirstLevelBytes
            ? 0
            : tile.Blocks * (simd.Bits == 512 ? WideStream : NarrowStream) * blockBytes / LineBytes;
        return Math.Max(Math.Max(Latency / split, weights), Math.Max(multiplyAdds, loads)) + (split > 1 ? SplitLoop : Loop);
    }

    /// <summary>
    /// Products of codes take several operations, which the vector units share evenly. Their weights are a quarter as many bytes as those of f32:
    /// they come fast enough.
    /// </summary>
    private static double CodesPerTerm(CodeForm form, int positions, int row)
    {
        const double OperationsPerCycle = 3;
        if (form == CodeForm.Pairs)
        {
            // Nothing is widened: operations and loads run beside each other.
            const double PairOperationsPerCycle = 3.5;
            return Math.Max(positions * row * 2 / PairOperationsPerCycle, (positions + row) / 2.0) + PairLoop;
        }

        (int perSum, int perPosition, int perRow) = form == CodeForm.Words ? (4, 2, 2) : (3, 1, 1);
        return (((positions * row * perSum) + (positions * perPosition) + (row * perRow)) / OperationsPerCycle) + Loop;
    }
}
