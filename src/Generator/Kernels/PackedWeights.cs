using AotCompiler.Ir;
using AotCompiler.Lowering;

namespace AotCompiler.Kernels;

/// <summary>
/// Weights of a few bits each, which become numbers in the registers of a product: (code − zero point) · scale, where groups of
/// neighbouring terms share scale and zero point.
/// </summary>
/// <remarks>
/// The panel of a block of 16 outputs is 32-bit words: the scales, f32 [group, 16]; the zero points [group, 16], if they differ; the codes
/// [words, 16], in each word those of neighbouring terms of one output, from the low bits up.
/// </remarks>
/// <param name="Bits">Bits of a code: 2, 4 or 8.</param>
/// <param name="Terms">Terms of a sum, a multiple of <see cref="CodesPerWord"/>.</param>
/// <param name="GroupSize">Terms of a group, a multiple of the same.</param>
/// <param name="ZeroPoint">The zero point of all groups; null if they differ.</param>
/// <param name="ZeroPointType">What zero points that differ are stored as: u8, or f32 for fractions.</param>
internal sealed record PackedWeights(int Bits, int Terms, int GroupSize, float? ZeroPoint, ElementType ZeroPointType)
{
    private const int Block = Layout.BlockSize;

    /// <summary>Codes of a word.</summary>
    public int CodesPerWord => 32 / Bits;

    /// <summary>Words of one output.</summary>
    public int Words => Terms / CodesPerWord;

    /// <summary>Words of one output and group.</summary>
    public int WordsPerGroup => GroupSize / CodesPerWord;

    /// <summary>Groups of terms; the last may be smaller.</summary>
    public int Groups => (Terms + GroupSize - 1) / GroupSize;

    /// <summary>Where the zero points lie in a panel, in words.</summary>
    public int ZeroPointStart => Groups * Block;

    /// <summary>Words of a panel before the codes.</summary>
    public int HeaderLength => ZeroPointStart + (ZeroPoint is not null ? 0 : Groups * Block * ZeroPointType.Size() / sizeof(int));

    /// <summary>Words of a panel.</summary>
    public int PanelLength => HeaderLength + (Words * Block);
}
