using System;
using System.Buffers.Binary;

namespace AotCompiler.Runtime;

/// <summary>
/// 64-bit hash of a weight blob's payload: finds truncation, bit rot and mixed-up files at memory speed. Not
/// cryptographic.
/// </summary>
/// <remarks>
/// Four independent lanes take the little-endian 64-bit words in turn, h ← rotl(h ⊕ w, 29) · K (odd, so that each step
/// is a bijection: a single changed word always changes its lane). A tail shorter than 32 bytes is padded with
/// zeros; the length enters at the end. Uses nothing newer than .NET Standard 2.0 with System.Memory, so that the
/// packer can compile this same file.
/// </remarks>
internal struct ContentHash
{
    private const int BlockLength = 32;
    private const ulong Multiplier = 0x9E3779B97F4A7C15;

    private ulong _lane0;
    private ulong _lane1;
    private ulong _lane2;
    private ulong _lane3;
    private ulong _length;

    /// <summary>Takes the next bytes. Every call but the last takes a multiple of 32 bytes.</summary>
    public void Append(ReadOnlySpan<byte> data)
    {
        _length += (ulong)data.Length;
        while (data.Length >= BlockLength)
        {
            AppendBlock(data);
            data = data.Slice(BlockLength);
        }

        if (data.Length > 0)
        {
            Span<byte> padded = stackalloc byte[BlockLength];
            padded.Clear();
            data.CopyTo(padded);
            AppendBlock(padded);
        }
    }

    /// <summary>The hash of all bytes taken so far.</summary>
    public readonly ulong ToUInt64()
    {
        ulong hash = Mix(_length, _lane0);
        hash = Mix(hash, _lane1);
        hash = Mix(hash, _lane2);
        hash = Mix(hash, _lane3);
        return hash ^ (hash >> 32);
    }

    private static ulong Mix(ulong hash, ulong word)
    {
        hash ^= word;
        return ((hash << 29) | (hash >> 35)) * Multiplier;
    }

    private void AppendBlock(ReadOnlySpan<byte> block)
    {
        _lane0 = Mix(_lane0, BinaryPrimitives.ReadUInt64LittleEndian(block));
        _lane1 = Mix(_lane1, BinaryPrimitives.ReadUInt64LittleEndian(block.Slice(8)));
        _lane2 = Mix(_lane2, BinaryPrimitives.ReadUInt64LittleEndian(block.Slice(16)));
        _lane3 = Mix(_lane3, BinaryPrimitives.ReadUInt64LittleEndian(block.Slice(24)));
    }
}
