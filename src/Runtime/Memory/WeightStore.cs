using System;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace AotCompiler.Runtime;

/// <summary>Gives generated code its weights: aligned, and proven to belong to it.</summary>
public static unsafe class WeightStore
{
    private const int HashChunkLength = 1 << 30;

    /// <summary>Size in bytes of the header that precedes the payload of a packed weight blob.</summary>
    public const int HeaderLength = WeightBlobHeader.Length;

    /// <summary>
    /// Copies weights that are inline static data, which the C# compiler aligns to 8 bytes at most, into a 64-byte aligned
    /// block that lives as long as the process. A model calls it once and keeps the pointer in a static field.
    /// </summary>
    public static byte* Align(ReadOnlySpan<byte> inlineData)
    {
        byte* block = (byte*)NativeMemory.AlignedAlloc((nuint)Math.Max(inlineData.Length, 1), ModelArena.Alignment);
        inlineData.CopyTo(new Span<byte>(block, inlineData.Length));
        return block;
    }

    /// <summary>
    /// Checks in constant time that the packed weights in a mapped static field were made for this code, and returns their
    /// payload: in place, or a 64-byte aligned copy where the assembly was loaded at an odd place, as from a bundle.
    /// </summary>
    /// <typeparam name="TBlob">The field's type, whose size is the blob's.</typeparam>
    /// <param name="blob">The field.</param>
    /// <param name="planHashHigh">The first 16 hexadecimal digits of the plan's SHA-256.</param>
    /// <param name="planHashLow">The next 16 hexadecimal digits.</param>
    /// <param name="payloadLength">Length of the payload in bytes, without the header.</param>
    /// <param name="modelName">Name of the model, for the message.</param>
    /// <returns>The payload, 64-byte aligned, valid as long as the process lives.</returns>
    /// <exception cref="InvalidOperationException">The blob is something else, or belongs to another build.</exception>
    public static byte* Check<TBlob>(in TBlob blob, ulong planHashHigh, ulong planHashLow, long payloadLength, string modelName)
        where TBlob : unmanaged
    {
        byte* payload = Check((byte*)Unsafe.AsPointer(ref Unsafe.AsRef(in blob)), planHashHigh, planHashLow, payloadLength, modelName);
        return (nuint)payload % ModelArena.Alignment == 0 ? payload : Align(new ReadOnlySpan<byte>(payload, checked((int)payloadLength)));
    }

    /// <summary>Checks in constant time that a packed weight blob was made for this code, and returns its payload.</summary>
    /// <param name="header">First byte of the blob, of which at least 64 bytes are readable.</param>
    /// <param name="planHashHigh">The first 16 hexadecimal digits of the plan's SHA-256.</param>
    /// <param name="planHashLow">The next 16 hexadecimal digits.</param>
    /// <param name="payloadLength">Length of the payload in bytes, without the header.</param>
    /// <param name="modelName">Name of the model, for the message.</param>
    /// <returns>The payload: 64 bytes after <paramref name="header"/>.</returns>
    /// <exception cref="InvalidOperationException">The blob is something else, or belongs to another build.</exception>
    public static byte* Check(byte* header, ulong planHashHigh, ulong planHashLow, long payloadLength, string modelName)
    {
        if (!WeightBlobHeader.TryRead(new ReadOnlySpan<byte>(header, HeaderLength), out WeightBlobHeader actual))
        {
            ThrowMismatch(modelName, "it does not begin with the signature AOTCWTS1");
        }

        if (actual.PlanHashHigh != planHashHigh || actual.PlanHashLow != planHashLow)
        {
            ThrowMismatch(modelName, string.Create(
                CultureInfo.InvariantCulture,
                $"its plan is {actual.PlanHashHigh:x16}{actual.PlanHashLow:x16}, the code's {planHashHigh:x16}{planHashLow:x16}"));
        }

        if (actual.PayloadLength != payloadLength)
        {
            ThrowMismatch(modelName, string.Create(
                CultureInfo.InvariantCulture, $"it holds {actual.PayloadLength:N0} bytes, the code expects {payloadLength:N0}"));
        }

        return header + HeaderLength;
    }

    /// <summary>64-bit content hash of a block. Reads every byte: about the time of one copy.</summary>
    public static ulong Hash(byte* data, long length)
    {
        ContentHash hash = default;
        for (long offset = 0; offset < length; offset += HashChunkLength)
        {
            hash.Append(new ReadOnlySpan<byte>(data + offset, (int)Math.Min(HashChunkLength, length - offset)));
        }

        return hash.ToUInt64();
    }

    /// <summary>
    /// Compares the payload with the content hash in its header, to find a damaged file. Reads every byte, so it is meant for
    /// tools and tests, not for every start.
    /// </summary>
    /// <param name="header">First byte of a blob that <see cref="Check"/> accepted.</param>
    /// <param name="modelName">Name of the model, for the message.</param>
    /// <exception cref="InvalidOperationException">The payload is not what was packed.</exception>
    public static void Verify(byte* header, string modelName)
    {
        if (!WeightBlobHeader.TryRead(new ReadOnlySpan<byte>(header, HeaderLength), out WeightBlobHeader expected))
        {
            ThrowMismatch(modelName, "it does not begin with the signature AOTCWTS1");
        }

        ulong actual = Hash(header + HeaderLength, expected.PayloadLength);
        if (actual != expected.ContentHash)
        {
            ThrowMismatch(modelName, string.Create(
                CultureInfo.InvariantCulture, $"its content hash is {actual:x16}, its header says {expected.ContentHash:x16}"));
        }
    }

    [DoesNotReturn]
    private static void ThrowMismatch(string modelName, string reason)
        => throw new InvalidOperationException(
            $"AOTC0402: The weights of model '{modelName}' belong to another build or are damaged: {reason}. "
            + "Rebuild the project so that the code and the weights come from one compilation.");
}
