using System;

namespace AotCompiler.Ir;

/// <summary>
/// Elements narrower than a byte. Files pack them from the low bits up; in memory each takes a byte: signed integers extended
/// by their sign, unsigned integers and floats by zeros.
/// </summary>
internal static class PackedElements
{
    /// <summary>One byte for each of <paramref name="count"/> packed elements.</summary>
    public static byte[] Unpack(ReadOnlySpan<byte> packed, ElementType type, int count)
    {
        int bits = type.PackedBits();
        int perByte = 8 / bits;
        bool signed = type is ElementType.Int4 or ElementType.Int2;
        var result = new byte[count];
        for (int i = 0; i < count; i++)
        {
            // The element moves to the top of the byte, and from there down to its place.
            int top = (packed[i / perByte] << (8 - bits - (i % perByte * bits))) & 0xFF;
            result[i] = unchecked((byte)(signed ? (sbyte)top >> (8 - bits) : top >> (8 - bits)));
        }

        return result;
    }

    /// <summary>The elements packed; bits above an element's width are dropped.</summary>
    public static byte[] Pack(ReadOnlySpan<byte> elements, ElementType type)
    {
        int bits = type.PackedBits();
        int perByte = 8 / bits;
        var result = new byte[(elements.Length + perByte - 1) / perByte];
        for (int i = 0; i < elements.Length; i++)
        {
            result[i / perByte] |= (byte)((elements[i] & ((1 << bits) - 1)) << (i % perByte * bits));
        }

        return result;
    }
}
