using System;
using System.Runtime.InteropServices;
using AotCompiler.Ir;
using AotCompiler.Kernels;
using AotCompiler.Lowering;

namespace AotCompiler.Operators.Linear;

/// <summary>Brings weights of a few bits into panels of 16 outputs, as <see cref="PackedWeights"/> describes them.</summary>
internal static class PackedPanels
{
    private const int Block = Layout.BlockSize;

    /// <summary>Packs the weights of a matrix.</summary>
    /// <param name="codes">Codes [N, K], one per byte.</param>
    /// <param name="scales">Scales [N, groups].</param>
    /// <param name="zeroPoints">Zero points [N, groups].</param>
    /// <param name="bits">Bits of a code.</param>
    /// <param name="groupSize">Terms that share a scale.</param>
    /// <returns>i32 [blocks, words of a panel]; outputs that fill up the last block have scales of 0.</returns>
    public static (Tensor Panels, PackedWeights Packed) Pack(Tensor codes, Tensor scales, Tensor zeroPoints, int bits, int groupSize)
    {
        (float? common, ElementType type) = KindOf(zeroPoints);
        var packed = new PackedWeights(bits, codes.Shape[1], groupSize, common, type);
        int outputs = codes.Shape[0];
        var shape = new Shape(Layout.BlockCount(outputs), packed.PanelLength);
        Tensor panels = Tensor.Lazy(ElementType.Int32, shape, $"PackedPanels16[{bits} bits, groups of {groupSize}]({codes.Recipe},{scales.Recipe},{zeroPoints.Recipe})", () =>
        {
            var bytes = new byte[shape.ElementCount * sizeof(int)];
            for (int n = 0; n < outputs; n++)
            {
                Span<byte> panel = bytes.AsSpan(n / Block * packed.PanelLength * sizeof(int), packed.PanelLength * sizeof(int));
                PackParameters(packed, scales.Floats().Slice(n * packed.Groups, packed.Groups), zeroPoints.Floats().Slice(n * packed.Groups, packed.Groups), n % Block, panel);
                PackCodes(packed, codes.Bytes.Slice(n * packed.Terms, packed.Terms), n % Block, MemoryMarshal.Cast<byte, uint>(panel).Slice(packed.HeaderLength));
            }

            return bytes;
        });
        return (panels, packed);
    }

    private static void PackParameters(PackedWeights packed, ReadOnlySpan<float> scales, ReadOnlySpan<float> zeroPoints, int lane, Span<byte> panel)
    {
        Span<float> numbers = MemoryMarshal.Cast<byte, float>(panel);
        for (int g = 0; g < packed.Groups; g++)
        {
            int at = (g * Block) + lane;
            numbers[at] = scales[g];
            if (packed.ZeroPoint is not null)
            {
                continue;
            }

            if (packed.ZeroPointType == ElementType.UInt8)
            {
                panel[(packed.ZeroPointStart * sizeof(int)) + at] = (byte)zeroPoints[g];
            }
            else
            {
                numbers[packed.ZeroPointStart + at] = zeroPoints[g];
            }
        }
    }

    private static void PackCodes(PackedWeights packed, ReadOnlySpan<byte> codes, int lane, Span<uint> words)
    {
        for (int k = 0; k < codes.Length; k++)
        {
            words[(k / packed.CodesPerWord * Block) + lane] |= (uint)codes[k] << (k % packed.CodesPerWord * packed.Bits);
        }
    }

    /// <summary>The zero point that all groups have, or null and what those are stored as.</summary>
    private static (float? Common, ElementType Type) KindOf(Tensor zeroPoints)
    {
        ReadOnlySpan<float> values = zeroPoints.Floats();
        bool alike = true;
        bool whole = true;
        foreach (float value in values)
        {
            alike &= value == values[0];
            whole &= value is >= byte.MinValue and <= byte.MaxValue && value == (int)value;
        }

        return alike && values.Length > 0 ? (values[0], ElementType.UInt8) : (null, whole ? ElementType.UInt8 : ElementType.Float32);
    }
}
