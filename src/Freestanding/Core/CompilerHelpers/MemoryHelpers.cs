namespace System;

/// <summary>What the compiler calls to copy and fill blocks that are too large to be unrolled.</summary>
internal static unsafe class Buffer
{
    private static void BulkMoveWithWriteBarrier(ref byte destination, ref byte source, nuint length) => SpanHelpers.Memmove(ref destination, ref source, length);
}

/// <inheritdoc cref="Buffer"/>
internal static unsafe class SpanHelpers
{
    internal static void Memmove(ref byte destination, ref byte source, nuint length)
    {
        fixed (byte* to = &destination, from = &source)
        {
            if (to <= from)
            {
                for (nuint i = 0; i < length; i++)
                {
                    to[i] = from[i];
                }
            }
            else
            {
                for (nuint i = length; i-- > 0;)
                {
                    to[i] = from[i];
                }
            }
        }
    }

    private static void ClearWithoutReferences(ref byte destination, nuint length)
    {
        fixed (byte* to = &destination)
        {
            for (nuint i = 0; i < length; i++)
            {
                to[i] = 0;
            }
        }
    }

    private static void Fill(ref byte destination, byte value, nuint length)
    {
        fixed (byte* to = &destination)
        {
            for (nuint i = 0; i < length; i++)
            {
                to[i] = value;
            }
        }
    }
}
