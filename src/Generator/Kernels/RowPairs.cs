using AotCompiler.Emission;
using AotCompiler.Lowering;

namespace AotCompiler.Kernels;

/// <summary>
/// Maxima of 2×2 windows, taken where the last convolution of a <see cref="RowChainStep"/> stores its sums: an even row is kept, and
/// the sums of the odd row below it meet it in registers, so that neither the map nor a pass over it is left.
/// </summary>
/// <param name="Above">The even row: [1, C, 1, W] in blocks of channels.</param>
/// <param name="Output">[N, C, rows, columns] of windows, in blocks of channels.</param>
internal sealed record RowPairs(TensorView Above, TensorView Output)
{
    /// <summary>What is computed, for comments.</summary>
    public const string What = "MaxPool 2×2";

    /// <summary>Rows of windows.</summary>
    public int Rows => Output.Shape[2];

    /// <summary>The convolution's positions that belong to windows.</summary>
    public int Positions => Output.Shape[3] * 2;

    /// <summary>The first of the convolution's rows in the windows from row <paramref name="windows"/> on.</summary>
    public static string Row(string windows) => $"({windows} * 2)";

    /// <summary>A convolution that computes pairs of rows at once, and needs no row above.</summary>
    public Contraction Windows(Contraction rows) => rows with
    {
        Positions = Positions,
        StoresWindows = true,
        Output = Output,
        OutputStrides = rows.OutputStrides with { Block = Output.Layout.Strides[1], Row = Output.Layout.Strides[2] / 2, Position = Layout.BlockSize / 2 },
    };

    /// <summary>The convolution of one row with the row above it.</summary>
    /// <param name="row">One row.</param>
    /// <param name="simd">The vector width.</param>
    public (Contraction Work, TileChoice Tile) Joined(Contraction row, Simd simd)
    {
        OutputStrides above = row.OutputStrides with { Block = Above.Layout.Strides[1], Row = 0, Position = Layout.BlockSize };
        Contraction joined = row with
        {
            Positions = Positions,
            Above = new EpilogueOperand(Above, above, LaneStride: 1),
            Output = Output,
            OutputStrides = above with { Block = Output.Layout.Strides[1], Position = Layout.BlockSize / 2 },
        };
        TileChoice tile = joined.Tile(simd);
        return (joined, tile with { Positions = System.Math.Max(2, tile.Positions - (tile.Positions % 2)) });
    }
}
