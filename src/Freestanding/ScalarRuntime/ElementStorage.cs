using System;
using System.Runtime.CompilerServices;

namespace AotCompiler.Runtime;

/// <summary>Stores f32 as elements of other types.</summary>
public static unsafe class ElementStorage
{
    /// <summary>1.5 · 2^23: a float of moderate size that is added to it loses its fraction, rounded to even, and the sum's lowest bits are the integer.</summary>
    private const float Rounder = 12582912f;

    /// <summary>Stores round(x) + <paramref name="zero"/>, ties to even, saturated to a byte; 0 for NaN.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreRounded(float value, int zero, byte* target)
    {
        float low = -zero;
        float high = byte.MaxValue - zero;
        float bounded = value > low ? value : low;
        bounded = bounded < high ? bounded : high;
        *target = (byte)(BitConverter.SingleToInt32Bits(bounded + Rounder) + zero);
    }
}
