using System;
using AotCompiler.Emission;
using AotCompiler.Lowering;

namespace AotCompiler.Kernels;

/// <summary>
/// When and how few outputs are computed by input lanes: a vector of 16 outputs would mostly multiply by zeros, one of 16 input
/// channels does not, but its lanes have to be added up in the end.
/// </summary>
internal static class LaneSums
{
    /// <summary>Most outputs: two vectors of four take the sums to the epilogue.</summary>
    public const int MaxOutputs = 8;

    /// <summary>Operations that add up the lanes of a sum.</summary>
    private const int JoinCost = 10;

    /// <summary>Operations of a position beside that.</summary>
    private const int PositionCost = 10;

    /// <summary>What must be gained.</summary>
    private const double NeededGain = 1.4;

    /// <summary>True if so many outputs are computed faster by input lanes than as the lanes of one block.</summary>
    /// <param name="outputs">Outputs.</param>
    /// <param name="terms">Terms of each.</param>
    public static bool Pays(int outputs, long terms) => outputs <= MaxOutputs
        && NeededGain * Operations(outputs, terms) < terms;

    /// <summary>Work of computing them so, in that of one block.</summary>
    public static double Work(int outputs, long terms) => Operations(outputs, terms) / (double)terms;

    private static long Operations(int outputs, long terms) => (outputs * ((terms / Layout.BlockSize) + JoinCost)) + PositionCost;

    /// <summary>Positions whose sums fit the registers beside one input and, where those are used more than once, the weights.</summary>
    public static TileChoice Tile(Simd simd, int outputs, int positions)
    {
        int most = Math.Max(1, Math.Min(Math.Min(positions, TileChoice.MaxPositions), (simd.RegisterCount - outputs - 2) / outputs));
        int tiles = (positions + most - 1) / most;
        return new TileChoice((positions + tiles - 1) / tiles, 1, 1);
    }
}
