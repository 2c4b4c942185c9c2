using System.Runtime.CompilerServices;

namespace AotCompiler.Runtime;

/// <summary>Tiles where a register holds one element: one row.</summary>
public static unsafe class ScalarTile
{
    /// <summary>Copies a row of 1-byte elements: <c>target[column · columnStride] = source[column]</c>.</summary>
    /// <param name="source">The row.</param>
    /// <param name="rowStride">Not used: there is one row.</param>
    /// <param name="target">Element (0, 0) of the target.</param>
    /// <param name="columnStride">Elements of the target from one column to the next.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Transpose(byte* source, long rowStride, byte* target, long columnStride)
    {
        int stride = (int)columnStride;
        for (int column = 0; column < 16; column++)
        {
            target[column * stride] = source[column];
        }
    }

    /// <summary>Copies a row of 2-byte elements.</summary>
    /// <inheritdoc cref="Transpose(byte*, long, byte*, long)" path="/param"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Transpose(ushort* source, long rowStride, ushort* target, long columnStride)
    {
        int stride = (int)columnStride;
        for (int column = 0; column < 8; column++)
        {
            target[column * stride] = source[column];
        }
    }

    /// <summary>Copies a row of 4-byte elements.</summary>
    /// <inheritdoc cref="Transpose(byte*, long, byte*, long)" path="/param"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Transpose(float* source, long rowStride, float* target, long columnStride)
    {
        int stride = (int)columnStride;
        target[0] = source[0];
        target[stride] = source[1];
        target[2 * stride] = source[2];
        target[3 * stride] = source[3];
    }

    /// <summary>Copies a row of 8-byte elements.</summary>
    /// <inheritdoc cref="Transpose(byte*, long, byte*, long)" path="/param"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Transpose(long* source, long rowStride, long* target, long columnStride)
    {
        target[0] = source[0];
        target[(int)columnStride] = source[1];
    }
}
