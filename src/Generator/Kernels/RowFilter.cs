using System;
using System.Collections.Generic;
using System.Linq;
using AotCompiler.Emission;
using AotCompiler.Lowering;

namespace AotCompiler.Kernels;

/// <summary>Which of a tile's two sums a product is added to.</summary>
internal enum FilterSum
{
    First,
    Second,
}

/// <summary>A product of a tile of two neighbouring outputs: one input of the row, or two added or subtracted, times a weight.</summary>
/// <param name="Sum">Where it is added.</param>
/// <param name="Input">Column of the input, from the tile's first tap on.</param>
/// <param name="Operation">What is done with the other input: <c>'+'</c>, <c>'-'</c>, or nothing (<c>' '</c>).</param>
/// <param name="Other">Column of the other input.</param>
internal readonly record struct FilterProduct(FilterSum Sum, int Input, char Operation = ' ', int Other = 0)
{
    /// <summary>Columns that are read.</summary>
    public IEnumerable<int> Inputs => Operation == ' ' ? new[] { Input } : new[] { Input, Other };
}

/// <summary>
/// Winograd's minimal filtering along a row, channel by channel: two neighbouring outputs of three taps take 4 products instead of 6,
/// of five taps 7 instead of 10. The rest are additions, which run beside multiply-adds on processors that have units of their own for
/// them. Input rows are transformed once for all output rows that are computed together.
/// </summary>
/// <remarks>
/// Source: Winograd, Arithmetic Complexity of Computations (1980), F(2, 3) from the points 0, ±1 and infinity; five taps are
/// F(2, 3) and F(2, 2) side by side, whose product of input 4 is a part of both outputs. The products
/// that both outputs share are summed first: the outputs begin as the sum and the difference of those two sums, and the other products
/// are added straight to the outputs.
/// </remarks>
internal sealed class RowFilter
{
    /// <summary>Neighbouring outputs of a tile.</summary>
    public const int Outputs = 2;

    private static readonly RowFilter _three = new(
        3,
        new FilterProduct[] { new(FilterSum.First, 1, '+', 2), new(FilterSum.Second, 2, '-', 1) },
        new FilterProduct[] { new(FilterSum.First, 0, '-', 2), new(FilterSum.Second, 3, '-', 1) },
        new[,] { { 0.5, 0.5, 0.5 }, { 0.5, -0.5, 0.5 }, { 1, 0, 0 }, { 0, 0, 1 } });

    private static readonly RowFilter _five = new(
        5,
        new FilterProduct[] { new(FilterSum.First, 1, '+', 2), new(FilterSum.Second, 2, '-', 1), new(FilterSum.First, 4) },
        new FilterProduct[] { new(FilterSum.First, 0, '-', 2), new(FilterSum.First, 3, '-', 4), new(FilterSum.Second, 3, '-', 1), new(FilterSum.Second, 5, '-', 4) },
        new[,] { { 0.5, 0.5, 0.5, 0, 0 }, { 0.5, -0.5, 0.5, 0, 0 }, { 0, 0, 0, 1, 1 }, { 1, 0, 0, 0, 0 }, { 0, 0, 0, 1, 0 }, { 0, 0, 1, 0, 0 }, { 0, 0, 0, 0, 1 } });

    private readonly double[,] _weights;

    private RowFilter(int taps, FilterProduct[] shared, FilterProduct[] own, double[,] weights)
    {
        Taps = taps;
        Products = shared.Concat(own).ToArray();
        Shared = shared.Length;
        _weights = weights;
    }

    /// <summary>Taps of a row of the window.</summary>
    public int Taps { get; }

    /// <summary>The products of a tile and row of the window: first those whose sums are added for one output and subtracted for the other.</summary>
    public IReadOnlyList<FilterProduct> Products { get; }

    /// <summary>Number of the products that both outputs share.</summary>
    public int Shared { get; }

    /// <summary>Additions to transform one input row of a tile.</summary>
    public int Additions => Products.Count(static p => p.Operation != ' ');

    /// <summary>The filter for rows of so many taps; null if there is none.</summary>
    public static RowFilter? For(int taps) => taps switch
    {
        3 => _three,
        5 => _five,
        _ => null,
    };

    /// <summary>True if code of this width is written so: below 512 bits registers are too few and the loads too many to gain anything.</summary>
    public static bool Applies(Simd simd) => simd.Bits == Layout.BlockSize * 32;

    /// <summary>How the loops go, for comments.</summary>
    public IEnumerable<string> Explain()
    {
        yield return $"Two neighbouring outputs take {Products.Count} products for a row of {Taps} taps instead of {Outputs * Taps}. cO_0 and cO_1 are those of row O of a group: first sums of which";
        yield return "one output is the sum and the other the difference, then the outputs, to which the other products are added.";
    }

    /// <summary>The weights of the products of one row of the window, in double precision.</summary>
    /// <param name="taps">The row's weights.</param>
    /// <param name="result">Takes the weights of <see cref="Products"/>.</param>
    public void TransformWeights(ReadOnlySpan<float> taps, Span<double> result)
    {
        for (int product = 0; product < Products.Count; product++)
        {
            double sum = 0;
            for (int tap = 0; tap < Taps; tap++)
            {
                sum += _weights[product, tap] * taps[tap];
            }

            result[product] = sum;
        }
    }
}

/// <summary>How a depthwise convolution is computed by a <see cref="RowFilter"/> at the widths where that applies.</summary>
/// <param name="Filter">The filter.</param>
/// <param name="Weights">Panels [block, row of the window, product, 16].</param>
internal sealed record RowFiltering(RowFilter Filter, TensorView Weights);
