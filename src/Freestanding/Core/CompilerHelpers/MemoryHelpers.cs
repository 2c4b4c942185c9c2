using System.Runtime.Intrinsics;

namespace System;

/// <summary>What the compiler calls to copy and fill blocks that are too large to be unrolled.</summary>
internal static unsafe class Buffer
{
    private static void BulkMoveWithWriteBarrier(ref byte destination, ref byte source, nuint length) => SpanHelpers.Memmove(ref destination, ref source, length);
}

/// <inheritdoc cref="Buffer"/>
/// <remarks>By vectors, or by words of the processor's width, which all targets load and store at any address.</remarks>
internal static unsafe class SpanHelpers
{
    internal static void Memmove(ref byte destination, ref byte source, nuint length)
    {
        fixed (byte* to = &destination, from = &source)
        {
            if (to <= from)
            {
                MoveForward(to, from, length);
            }
            else
            {
                MoveBackward(to, from, length);
            }
        }
    }

    private static void ClearWithoutReferences(ref byte destination, nuint length)
    {
        fixed (byte* to = &destination)
        {
            Fill(to, 0, length);
        }
    }

    private static void Fill(ref byte destination, byte value, nuint length)
    {
        fixed (byte* to = &destination)
        {
            Fill(to, value, length);
        }
    }

    private static void MoveForward(byte* to, byte* from, nuint length)
    {
        nuint i = 0;
        if (Vector128.IsHardwareAccelerated)
        {
            for (; i + 16 <= length; i += 16)
            {
                Vector128.Load(from + i).Store(to + i);
            }
        }

        for (; i + (nuint)sizeof(nuint) <= length; i += (nuint)sizeof(nuint))
        {
            *(nuint*)(to + i) = *(nuint*)(from + i);
        }

        for (; i < length; i++)
        {
            to[i] = from[i];
        }
    }

    private static void MoveBackward(byte* to, byte* from, nuint length)
    {
        nuint i = length;
        if (Vector128.IsHardwareAccelerated)
        {
            for (; i >= 16; i -= 16)
            {
                Vector128.Load(from + i - 16).Store(to + i - 16);
            }
        }

        for (; i >= (nuint)sizeof(nuint); i -= (nuint)sizeof(nuint))
        {
            *(nuint*)(to + i - sizeof(nuint)) = *(nuint*)(from + i - sizeof(nuint));
        }

        while (i-- > 0)
        {
            to[i] = from[i];
        }
    }

    internal static void Fill(byte* to, byte value, nuint length)
    {
        nuint i = 0;
        if (Vector128.IsHardwareAccelerated)
        {
            Vector128<byte> vector = Vector128.Create(value);
            for (; i + 16 <= length; i += 16)
            {
                vector.Store(to + i);
            }
        }

        nuint word = unchecked((nuint)0x0101010101010101) * value;
        for (; i + (nuint)sizeof(nuint) <= length; i += (nuint)sizeof(nuint))
        {
            *(nuint*)(to + i) = word;
        }

        for (; i < length; i++)
        {
            to[i] = value;
        }
    }
}
