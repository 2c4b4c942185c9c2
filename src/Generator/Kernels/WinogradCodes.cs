using AotCompiler.Lowering;

namespace AotCompiler.Kernels;

/// <summary>What a Winograd convolution of codes has besides: its weights stay bytes in memory and are transformed at run time, a group of blocks at a time.</summary>
/// <remarks>
/// Transformed weights are 16-bit integers, 36 for each 9 bytes: from memory they would take longer than the products of small maps.
/// </remarks>
/// <param name="Transform">The transform.</param>
/// <param name="Panels">Transformed weights of a group as i16 [point, block, pair of channels, 16, 2], see <see cref="PanelPlane"/>; one for each lane.</param>
/// <param name="WeightOffset">What has to be added to each of the weights.</param>
internal sealed record WinogradCodes(CodeWinogradTransform Transform, TensorView Panels, int WeightOffset)
{
    /// <summary>Weights of a pair of channels and a block of outputs at one point or tap.</summary>
    public const int RowLength = 2 * Layout.BlockSize;

    /// <summary>Bytes of weights of a pair of channels and a block of outputs: 9 taps.</summary>
    public const int TapsLength = 9 * RowLength;

    /// <summary>Pairs of channels.</summary>
    public static int Pairs(int channels) => (channels + 1) / 2;

    /// <summary>Elements from one point to the next of <see cref="Panels"/> for so many blocks.</summary>
    public static long PanelPlane(int channels, int blocks) => 2 * Winograd.Plane(Pairs(channels), blocks);

    /// <summary>Elements of <see cref="Panels"/> of one lane.</summary>
    public static long PanelsLength(WinogradTransform transform, WinogradTiling tiling, int channels) => transform.Products * PanelPlane(channels, tiling.Group);

    /// <summary>The products of all points for a group of so many blocks.</summary>
    public Contraction ProductsOf(Winograd work, int blocks) => new()
    {
        BatchExtents = new Ir.Extent[] { work.Transform.Products },
        Blocks = blocks,
        Rows = 1,
        Positions = work.Tiling.Tiles,
        Reduction = new[] { new ReductionPart(0, new[] { new ReductionLoop(Pairs(work.Channels), 2) }) },
        Codes = CodeForm.Pairs,
        Input = work.Points,
        InputStrides = new OutputStrides(new[] { work.InputPlane }, 0, 0, 0, work.InputTile),
        Weights = Panels,
        WeightBatchStrides = new[] { PanelPlane(work.Channels, blocks) },
        Output = work.Products,
        OutputStrides = new OutputStrides(new[] { work.ProductPlane }, 0, work.Tiling.Tiles * Layout.BlockSize, 0, Layout.BlockSize),
    };
}
