using System;

namespace AotCompiler.Kernels;

/// <summary>
/// Decides whether a depthwise convolution is faster by a <see cref="RowFilter"/>: by estimated cycles of a block of 16 channels at 512
/// bits, on a core that starts a multiply-add and an addition in every cycle.
/// </summary>
internal static class RowFilterChoice
{
    /// <summary>Most output rows that are computed together: beyond, hardly any additions are spared.</summary>
    public const int MaxRows = 4;

    /// <summary>Weights that stay in registers from tile to tile; of more each is an operand in memory.</summary>
    private const int HeldWeights = 12;

    /// <summary>Weights of the largest window: more make more code than the just-in-time compiler keeps in registers.</summary>
    private const int MaxWeights = 40;

    /// <summary>Cycles of a tile beyond the busiest units', measured on Zen 4.</summary>
    private const double TileCycles = 5;

    /// <summary>The same where many products of few rows wait for each other's sums; divided by the rows.</summary>
    private const double WaitingCycles = 40;

    /// <summary>Of the direct sum, for each output.</summary>
    private const double DirectCycles = 0.2;

    /// <summary>What an estimate must gain before the direct sum, which is exact to rounding, is given up.</summary>
    private const double NeededGain = 1.06;

    /// <summary>True if filtering is estimated to be faster.</summary>
    /// <param name="filter">The filter.</param>
    /// <param name="windowRows">Rows of the window.</param>
    /// <param name="rows">Output rows that are computed one after the other.</param>
    /// <param name="positions">Outputs of a row.</param>
    /// <param name="functions">Functions of the epilogue.</param>
    public static bool Pays(RowFilter filter, int windowRows, int rows, int positions, int functions) =>
        windowRows * filter.Products.Count <= MaxWeights
        && Cycles(filter, windowRows, rows, positions, functions) * NeededGain < (double)rows * positions * ((windowRows * filter.Taps) + DirectCycles);

    /// <summary>True if all weights of a window stay in registers.</summary>
    public static bool HoldsWeights(RowFilter filter, int windowRows) => windowRows * filter.Products.Count <= HeldWeights;

    /// <summary>The rows that are computed together: groups of one size, and what is left, which may be none.</summary>
    public static (int Group, int Left) Groups(int rows)
    {
        int group = rows <= MaxRows ? rows : rows % MaxRows != 0 && rows % (MaxRows - 1) == 0 ? MaxRows - 1 : MaxRows;
        return (group, rows % group);
    }

    /// <summary>Estimated cycles of so many output rows.</summary>
    public static double Cycles(RowFilter filter, int windowRows, int rows, int positions, int functions)
    {
        (int group, int rest) = Groups(rows);
        double tiles = (rows / group * Tile(group)) + (rest == 0 ? 0 : Tile(rest));
        return tiles * ((positions + 1) / RowFilter.Outputs);

        double Tile(int together)
        {
            int inputs = together + windowRows - 1;
            int products = windowRows * filter.Products.Count;
            double additions = (inputs * filter.Additions) + (together * RowFilter.Outputs * (1 + functions));
            return Math.Max(together * products, additions) + TileCycles + (HoldsWeights(filter, windowRows) ? 0 : WaitingCycles / together);
        }
    }
}
