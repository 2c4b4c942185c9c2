using System;
using System.Buffers.Binary;
using System.Text;

namespace AotCompiler.Freestanding.Objects;

/// <summary>Reads little-endian numbers and names of a file at any position, and never beyond it.</summary>
/// <param name="bytes">The file.</param>
/// <param name="format">Name of the format, for messages.</param>
internal readonly struct ByteReader(ReadOnlyMemory<byte> bytes, string format)
{
    private const int MaxName = 4096;

    public long Length => bytes.Length;

    /// <summary>A part of the file.</summary>
    /// <exception cref="ObjectFormatException">It is not inside the file.</exception>
    public ReadOnlyMemory<byte> Slice(ulong offset, ulong length, string what)
    {
        if (offset > (ulong)bytes.Length || length > (ulong)bytes.Length - offset)
        {
            throw new ObjectFormatException($"{format}: {what} at {offset}, {length} bytes, lies outside the file of {bytes.Length} bytes");
        }

        return bytes.Slice((int)offset, (int)length);
    }

    public byte U8(ulong offset) => Slice(offset, 1, "a number").Span[0];

    public ushort U16(ulong offset) => BinaryPrimitives.ReadUInt16LittleEndian(Slice(offset, 2, "a number").Span);

    public uint U32(ulong offset) => BinaryPrimitives.ReadUInt32LittleEndian(Slice(offset, 4, "a number").Span);

    public ulong U64(ulong offset) => BinaryPrimitives.ReadUInt64LittleEndian(Slice(offset, 8, "a number").Span);

    /// <summary>Text that ends with a zero byte.</summary>
    public string Text(ulong offset)
    {
        ReadOnlySpan<byte> rest = Slice(offset, offset > (ulong)bytes.Length ? 1 : (ulong)bytes.Length - offset, "a name").Span;
        int end = rest[..Math.Min(rest.Length, MaxName)].IndexOf((byte)0);
        return end < 0
            ? throw new ObjectFormatException($"{format}: the name at {offset} does not end")
            : Encoding.UTF8.GetString(rest[..end]);
    }

    /// <summary>A check of the file's structure.</summary>
    public void Require(bool condition, string message)
    {
        if (!condition)
        {
            throw new ObjectFormatException($"{format}: {message}");
        }
    }
}
