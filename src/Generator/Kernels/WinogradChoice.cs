using System;
using System.Collections.Generic;
using System.Linq;
using AotCompiler.Emission;
using AotCompiler.Lowering;

namespace AotCompiler.Kernels;

/// <summary>Which sizes of a layer's maps are known beforehand.</summary>
internal enum WinogradMaps
{
    /// <summary>All.</summary>
    Fixed,

    /// <summary>All but how many there are.</summary>
    AnyNumber,

    /// <summary>Each run chooses rows or columns.</summary>
    AnySize,
}

/// <summary>
/// Decides whether a 3×3 or 5×5 convolution is faster by Winograd's minimal filtering, with which tile and strips: by estimated cycles
/// against those of the direct sum, for the widest vectors of the target.
/// </summary>
/// <param name="Transform">The tile.</param>
/// <param name="Tiling">The strips.</param>
/// <param name="Cycles">Estimated cycles of one image.</param>
internal sealed record WinogradChoice(WinogradTransform Transform, WinogradTiling Tiling, double Cycles)
{
    /// <summary>Scratch memory of one step; beside the weights of some points it stays in the second-level cache.</summary>
    private const long MaxScratchBytes = 640 * 1024;

    /// <summary>The same for codes, with their transformed weights: nothing else is read more than once.</summary>
    private const long MaxCodeScratchBytes = 896 * 1024;

    /// <summary>Most threads that share a layer while its scratch memory is not larger than its input and output; else two.</summary>
    private const int MaxLanes = 4;
    private const int MinLanes = 2;

    /// <summary>What it costs that one thread has all of the work, as a part of it; shares that are not even cost a part of that.</summary>
    private const double CostOfUnevenShares = 0.1;

    /// <summary>Every so many bytes of scratch cost as much as the whole work once more: what they displace from the caches.</summary>
    private const double ScratchBytesPerWork = 4 << 20;

    /// <summary>Transformed weights beyond this are not worth four times the memory of the plain ones: the small tile needs 1.8 times.</summary>
    private const long MaxLargeTileWeightBytes = 16 << 20;

    /// <summary>What the large tile must gain over the small one, which is more exact and needs less memory for weights.</summary>
    private const double NeededGainOfLargeTile = 1.15;

    /// <summary>The same at stride 2, whose large tile loses less.</summary>
    private const double NeededGainOfStrides = 1.05;

    /// <summary>Cost of a block with half of its lanes.</summary>
    private const double HalfBlock = 0.6;

    /// <summary>What an estimate must gain before the direct sum, which is exact to rounding, is given up.</summary>
    private const double NeededGain = 1.15;

    /// <summary>Bytes of weights that are taken to be in the second-level cache before the step begins, and to stay there.</summary>
    private const double CachedBytes = 768 * 1024;

    // Cycles to bring one byte of weights from memory, once, and from the second-level cache or from the one beyond it, for each strip.
    private const double CyclesPerByte = 0.16;
    private const double CyclesPerCachedByte = 0.04;
    private const double CyclesPerFarByte = 0.1;

    /// <summary>The part of the shorter of arithmetic and memory traffic that is not hidden behind the other, at stride 1 and at stride 2.</summary>
    private const double Exposed = 0.4;
    private const double ExposedOfStrides = 0.1;

    /// <summary>
    /// Longest strip of tiles where a run chooses the sizes: the products of a strip are made for all its tiles, so that short ones leave few idle ones behind the end of a row.
    /// </summary>
    private const int MaxColumnsOfTheRun = 16;

    /// <summary>Chooses for a convolution of so many input channels, output blocks, rows and columns; null if the direct sum is as fast.</summary>
    /// <param name="simd">Vector width.</param>
    /// <param name="transforms">The tiles that are possible, small ones first: of f32, or of codes.</param>
    /// <param name="channels">Input channels.</param>
    /// <param name="blocks">Blocks of 16 output channels.</param>
    /// <param name="rows">Output rows.</param>
    /// <param name="columns">Output columns.</param>
    /// <param name="dilation">Input cells from one tap to the next; null for 1.</param>
    public static WinogradChoice? Choose(Simd simd, IReadOnlyList<WinogradTransform> transforms, int channels, int blocks, int rows, int columns, WinogradDilation? dilation = null) =>
        Choose(simd, All(simd, transforms, channels, blocks, rows, columns, dilation ?? WinogradDilation.None), channels, blocks, rows, columns, directWork: 1);

    /// <summary>The same of the strips that <see cref="All"/> found.</summary>
    /// <param name="simd">Vector width.</param>
    /// <param name="all">The strips.</param>
    /// <param name="channels">Input channels.</param>
    /// <param name="blocks">Blocks of 16 output channels.</param>
    /// <param name="rows">Output rows.</param>
    /// <param name="columns">Output columns.</param>
    /// <param name="directWork">Work of the direct sum in that of whole blocks: less where few outputs are summed by input lanes.</param>
    public static WinogradChoice? Choose(Simd simd, IReadOnlyList<WinogradChoice> all, int channels, int blocks, int rows, int columns, double directWork)
    {
        WinogradChoice? best = null;
        foreach (WinogradChoice choice in all)
        {
            double needed = choice.Transform is not RealWinogradTransform { IsLessExact: true } ? 1 : choice.Transform.Stride == 1 ? NeededGainOfLargeTile : NeededGainOfStrides;
            best = best is null || choice.Cycles * needed < best.Cycles ? choice : best;
        }

        return best is not null && best.Cycles * NeededGain < directWork * DirectCycles(simd, best.Transform.Taps, channels, blocks, rows, columns, best.Transform is CodeWinogradTransform) ? best : null;
    }

    /// <summary>
    /// The tile's estimate counts two multiply-adds of a register a cycle; the transforms were measured where a 512-bit one takes a cycle.
    /// </summary>
    public static double CyclesPerTileCycle(Simd simd) => 2.0 / simd.RegistersPerBlock;

    /// <summary>The fastest strips of each tile that is possible at all, in the order of the tiles, whether they beat the direct sum or not.</summary>
    public static IReadOnlyList<WinogradChoice> All(
        Simd simd,
        IReadOnlyList<WinogradTransform> transforms,
        int channels,
        int blocks,
        int rows,
        int columns,
        WinogradDilation dilation,
        WinogradMaps maps = WinogradMaps.Fixed) => transforms
        .Select(transform => Best(simd, transform, channels, blocks, rows, columns, dilation, maps))
        .OfType<WinogradChoice>()
        .ToArray();

    /// <summary>
    /// What strips of one tile are compared by: estimated cycles of an image as large as possible, in the mean of some widths, since idle tiles
    /// at a row's end are more or fewer, and more where threads' shares are not even.
    /// </summary>
    private double UsualCycles { get; init; }

    /// <summary>For people and tuning files: <c>winograd F4</c>.</summary>
    public string Name => $"winograd F{Transform.Outputs}";

    /// <summary>Estimated cycles of the direct sum.</summary>
    public static double DirectCycles(Simd simd, int taps, int channels, int blocks, int rows, int columns, bool codes)
    {
        CodeForm? form = codes ? CodeForm.Words : null;
        long terms = (long)taps * taps * (codes ? CodePanels.TermCount(channels) : channels);
        var work = new TileWork(rows, columns, blocks, SingleBlock: false, LaneInput: false, channels, terms) { Codes = form };
        return CyclesPerTileCycle(simd) * TileChoice.Choose(simd, work).Cycles(simd, rows, columns, blocks, terms, form);
    }

    private static WinogradChoice? Best(Simd simd, WinogradTransform transform, int channels, int blocks, int rows, int columns, WinogradDilation dilation, WinogradMaps maps)
    {
        WinogradChoice? best = null;
        foreach (WinogradChoice candidate in Candidates(simd, transform, channels, blocks, rows, columns, dilation, maps))
        {
            best = best is null || candidate.UsualCycles < best.UsualCycles ? candidate : best;
        }

        return best;
    }

    private static IEnumerable<WinogradChoice> Candidates(Simd simd, WinogradTransform transform, int channels, int blocks, int rows, int columns, WinogradDilation dilation, WinogradMaps maps)
    {
        bool codes = transform is CodeWinogradTransform;
        if (!codes && transform.PanelCount > RealWinogradTransform.F2.PanelCount && WeightBytes(transform, channels, blocks) > MaxLargeTileWeightBytes)
        {
            yield break;
        }

        int tileRows = Winograd.Tiles(rows, transform, dilation.Rows);
        int tileColumns = Winograd.Tiles(columns, transform, dilation.Columns);
        foreach (WinogradTiling strip in maps == WinogradMaps.AnySize ? ShortStrips(tileColumns) : Strips(tileRows, tileColumns, dilation.Columns))
        {
            foreach (int group in Groups(blocks))
            {
                WinogradTiling tiling = strip with { Group = group };
                (long points, long products, long lines) = Winograd.ScratchLengths(transform, tiling, channels);
                if (codes)
                {
                    // In floats: points and panels are half as large.
                    points /= 2;
                    lines += WinogradCodes.PanelsLength(transform, tiling, channels) / 2;
                }

                if ((points + products + lines) * sizeof(float) <= (codes ? MaxCodeScratchBytes : MaxScratchBytes))
                {
                    bool oneStrip = maps == WinogradMaps.Fixed && tiling.Rows == tileRows && tiling.Columns == tileColumns;
                    long mapFloats = (long)rows * columns * ((Layout.BlockCount(channels) * transform.Stride * transform.Stride) + blocks) * Layout.BlockSize / (codes ? sizeof(float) : 1);
                    long lane = (oneStrip ? 0 : points) + products + lines;
                    int parts = oneStrip ? (blocks + group - 1) / group : Winograd.RowStripsOf(tileRows, tiling);
                    tiling = tiling with { Lanes = maps != WinogradMaps.Fixed ? 1 : Math.Min(parts, lane * MaxLanes <= mapFloats ? MaxLanes : MinLanes) };
                    double uneven = maps != WinogradMaps.Fixed ? 0 : oneStrip ? TwoShares.Loss(parts, group, blocks) : TwoShares.Loss(parts, tiling.Rows, tileRows);
                    double scratch = ((CountedLanes(transform, tiling, channels) * lane) + (oneStrip ? points : 0)) * sizeof(float);
                    double cycles = codes
                        ? EstimateOfCodes(simd, transform, tiling, tileRows, tileColumns, channels, blocks)
                        : Estimate(simd, (RealWinogradTransform)transform, tiling, tileRows, tileColumns, channels, blocks);
                    double usual = maps == WinogradMaps.AnySize
                        ? Widths(tileColumns).Average(width => Estimate(simd, (RealWinogradTransform)transform, tiling, tileRows, width, channels, blocks) * tileColumns / width)
                        : cycles;
                    double rest = 1 + (scratch / ScratchBytesPerWork);
                    double alone = tiling.Lanes == 1 && maps == WinogradMaps.Fixed ? CostOfUnevenShares : 0;
                    yield return new WinogradChoice(transform, tiling, cycles * (1 + alone) * rest) { UsualCycles = usual * (1 + (CostOfUnevenShares * uneven)) * rest };
                }
            }
        }
    }

    /// <summary>Lanes whose scratch memory counts: at stride 2 one of those that have it on their stacks.</summary>
    private static int CountedLanes(WinogradTransform transform, WinogradTiling tiling, int channels) =>
        transform.Stride > 1 && Winograd.LaneBytes(transform, tiling, channels) <= StepWriter.MaxLocalBytes ? 1 : tiling.Lanes;

    /// <summary>Strips of whole tile rows, and parts of one row; each kind spread evenly.</summary>
    private static IEnumerable<WinogradTiling> Strips(int tileRows, int tileColumns, int dilation)
    {
        for (int count = 1; count <= tileRows; count++)
        {
            yield return new WinogradTiling((tileRows + count - 1) / count, tileColumns, 1, 1, dilation);
        }

        int columns = (tileColumns + dilation - 1) / dilation;
        for (int count = 2; count <= columns; count++)
        {
            yield return new WinogradTiling(1, (columns + count - 1) / count * dilation, 1, 1, dilation);
        }
    }

    /// <summary>Tile columns of maps from half of the largest width on.</summary>
    private static IEnumerable<int> Widths(int tileColumns) => Enumerable.Range(4, 5).Select(eighths => Math.Max(1, tileColumns * eighths / 8));

    /// <summary>Parts of a row that suit any number of them.</summary>
    private static IEnumerable<WinogradTiling> ShortStrips(int tileColumns) => Enumerable.Range(1, Math.Min(tileColumns, MaxColumnsOfTheRun)).Select(static columns => new WinogradTiling(1, columns, 1, 1));

    /// <summary>Blocks of a group: all if they are few, else spread evenly over several groups.</summary>
    private static IEnumerable<int> Groups(int blocks) => new[] { 8, 6, 4, 3, 2, 1 }
        .Select(most => (blocks + most - 1) / most)
        .Distinct()
        .Select(groups => (blocks + groups - 1) / groups);

    private static double Estimate(Simd simd, RealWinogradTransform transform, WinogradTiling tiling, int tileRows, int tileColumns, int channels, int blocks)
    {
        int strips = ((tileRows + tiling.Rows - 1) / tiling.Rows) * ((tileColumns + tiling.Columns - 1) / tiling.Columns);
        double tiles = (double)tileRows * tileColumns;
        TileChoice tile = Winograd.Tile(simd, tiling, tiling.Group, channels, codes: false);
        double products = CyclesPerTileCycle(simd) * strips * transform.Products * tile.Cycles(simd, 1, tiling.Tiles, blocks, channels);
        double stores = 2.0 * strips * transform.Products * tiling.Tiles * blocks;
        (double input, double output) = transform.Cycles;
        input *= channels <= Layout.BlockSize / 2 ? HalfBlock : 1;
        double transforms = tiles * ((Layout.BlockCount(channels) * input) + (blocks * output));
        double bytes = WeightBytes(transform, channels, blocks);
        double traffic = bytes * (bytes > CachedBytes ? CyclesPerByte + ((strips - 1) * CyclesPerFarByte) : strips * CyclesPerCachedByte);
        return Math.Max(products, traffic) + ((transform.Stride > 1 ? ExposedOfStrides : Exposed) * Math.Min(products, traffic)) + stores + transforms;
    }

    /// <summary>The same for codes, whose weights are transformed once for each strip.</summary>
    private static double EstimateOfCodes(Simd simd, WinogradTransform transform, WinogradTiling tiling, int tileRows, int tileColumns, int channels, int blocks)
    {
        int strips = ((tileRows + tiling.Rows - 1) / tiling.Rows) * ((tileColumns + tiling.Columns - 1) / tiling.Columns);
        int pairs = WinogradCodes.Pairs(channels);
        TileChoice tile = Winograd.Tile(simd, tiling, tiling.Group, channels, codes: true);
        double products = CyclesPerTileCycle(simd) * strips * transform.Products * tile.Cycles(simd, 1, tiling.Tiles, blocks, pairs, CodeForm.Pairs);
        double stores = 2.0 * strips * transform.Products * tiling.Tiles * blocks;
        (double input, double output, double weights) = transform.Outputs == CodeWinogradTransform.F4.Outputs ? (120.0, 200.0, 130.0) : (45.0, 60.0, 60.0);
        double transforms = (double)tileRows * tileColumns * ((Layout.BlockCount(channels) * input) + (blocks * output));
        return products + stores + transforms + (strips * pairs * blocks * weights);
    }

    private static long WeightBytes(WinogradTransform transform, int channels, int blocks) =>
        (long)transform.PanelCount * channels * blocks * Layout.BlockSize * sizeof(float);
}
