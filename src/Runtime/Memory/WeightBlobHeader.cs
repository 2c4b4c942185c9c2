using System;
using System.Buffers.Binary;

namespace AotCompiler.Runtime;

/// <summary>The first 64 bytes of a weight blob; the payload follows, so that it is aligned as the blob is.</summary>
/// <remarks>
/// All numbers are little-endian.
/// <code>
///  0  8 bytes  magic "AOTCWTS1"; the digit is the version of this layout
///  8  u64      plan hash, bytes 0..7  of the plan's SHA-256, read big-endian (the first 16 hexadecimal digits)
/// 16  u64      plan hash, bytes 8..15, read big-endian (the next 16 hexadecimal digits)
/// 24  i64      payload length in bytes
/// 32  u64      content hash of the payload (ContentHash)
/// 40  24 bytes zero
/// </code>
/// Uses nothing newer than .NET Standard 2.0 with System.Memory, so that the packer can compile this same file.
/// </remarks>
internal readonly struct WeightBlobHeader
{
    /// <summary>Size of the header in bytes.</summary>
    public const int Length = 64;

    // "AOTCWTS1" read as a little-endian number.
    private const ulong Magic = 0x3153_5457_4354_4F41;

    public WeightBlobHeader(ulong planHashHigh, ulong planHashLow, long payloadLength, ulong contentHash)
    {
        PlanHashHigh = planHashHigh;
        PlanHashLow = planHashLow;
        PayloadLength = payloadLength;
        ContentHash = contentHash;
    }

    public ulong PlanHashHigh { get; }

    public ulong PlanHashLow { get; }

    public long PayloadLength { get; }

    public ulong ContentHash { get; }

    /// <summary>Reads a header; false if the magic is not there.</summary>
    public static bool TryRead(ReadOnlySpan<byte> source, out WeightBlobHeader header)
    {
        header = default;
        if (source.Length < Length || BinaryPrimitives.ReadUInt64LittleEndian(source) != Magic)
        {
            return false;
        }

        header = new WeightBlobHeader(
            BinaryPrimitives.ReadUInt64LittleEndian(source.Slice(8)),
            BinaryPrimitives.ReadUInt64LittleEndian(source.Slice(16)),
            BinaryPrimitives.ReadInt64LittleEndian(source.Slice(24)),
            BinaryPrimitives.ReadUInt64LittleEndian(source.Slice(32)));
        return true;
    }

    /// <summary>Writes the 64 bytes.</summary>
    public void Write(Span<byte> destination)
    {
        destination.Slice(0, Length).Clear();
        BinaryPrimitives.WriteUInt64LittleEndian(destination, Magic);
        BinaryPrimitives.WriteUInt64LittleEndian(destination.Slice(8), PlanHashHigh);
        BinaryPrimitives.WriteUInt64LittleEndian(destination.Slice(16), PlanHashLow);
        BinaryPrimitives.WriteInt64LittleEndian(destination.Slice(24), PayloadLength);
        BinaryPrimitives.WriteUInt64LittleEndian(destination.Slice(32), ContentHash);
    }
}
