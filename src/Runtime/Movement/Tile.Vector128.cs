using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace AotCompiler.Runtime;

/// <summary>
/// Transposes tiles in registers: of as many columns as 128 bits have elements, and as many rows as the vector has. Rows that lie as many apart
/// as a tile has columns share a register, and each of its 128-bit parts is transposed alone, by perfect shuffles: taking the elements of
/// the register i and of the one half of all registers behind it by turns, as often as the number of columns has bits, leaves a column in
/// each. Elements are moved as bits. Written for 128 bits; the project derives the other widths.
/// </summary>
/// <remarks>Tiles of many registers are calls, which cost little beside them: inlined, they would spend the budget of the step's method.</remarks>
public static unsafe class Vector128Tile
{
    /// <summary>Copies a tile of 4-byte elements: <c>target[column · columnStride + row] = source[row · rowStride + column]</c>.</summary>
    /// <param name="source">Element (0, 0) of the source.</param>
    /// <param name="rowStride">Elements from one row of the source to the next.</param>
    /// <param name="target">Element (0, 0) of the target.</param>
    /// <param name="columnStride">Elements of the target from one column to the next.</param>
    /// <param name="columns">Columns that are written, the first of the 4 that are read.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Transpose(float* source, long rowStride, float* target, long columnStride, int columns = 4)
    {
        VectorParts.LoadRows(source, rowStride, out Vector128<float> x0);
        VectorParts.LoadRows(source + rowStride, rowStride, out Vector128<float> x1);
        VectorParts.LoadRows(source + (2 * rowStride), rowStride, out Vector128<float> x2);
        VectorParts.LoadRows(source + (3 * rowStride), rowStride, out Vector128<float> x3);
        Four(ref x0, ref x1, ref x2, ref x3);
        Store(x0, x1, target, columnStride, columns);
        Store(x2, x3, target + (2 * columnStride), columnStride, columns - 2);
    }

    /// <summary>Copies a tile of 8-byte elements, of 2 columns.</summary>
    /// <inheritdoc cref="Transpose(float*, long, float*, long, int)" path="/param"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Transpose(long* source, long rowStride, long* target, long columnStride, int columns = 2)
    {
        VectorParts.LoadRows(source, rowStride, out Vector128<long> x0);
        VectorParts.LoadRows(source + rowStride, rowStride, out Vector128<long> x1);
        Two(ref x0, ref x1);
        Store(x0, x1, target, columnStride, columns);
    }

    /// <summary>Copies a tile of 2-byte elements, of 8 columns.</summary>
    /// <inheritdoc cref="Transpose(float*, long, float*, long, int)" path="/param"/>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static void Transpose(ushort* source, long rowStride, ushort* target, long columnStride, int columns = 8)
    {
        VectorParts.LoadRows(source, rowStride, out Vector128<ushort> x0);
        VectorParts.LoadRows(source + rowStride, rowStride, out Vector128<ushort> x1);
        VectorParts.LoadRows(source + (2 * rowStride), rowStride, out Vector128<ushort> x2);
        VectorParts.LoadRows(source + (3 * rowStride), rowStride, out Vector128<ushort> x3);
        VectorParts.LoadRows(source + (4 * rowStride), rowStride, out Vector128<ushort> x4);
        VectorParts.LoadRows(source + (5 * rowStride), rowStride, out Vector128<ushort> x5);
        VectorParts.LoadRows(source + (6 * rowStride), rowStride, out Vector128<ushort> x6);
        VectorParts.LoadRows(source + (7 * rowStride), rowStride, out Vector128<ushort> x7);
        Four(ref x0, ref x2, ref x4, ref x6);
        Four(ref x1, ref x3, ref x5, ref x7);
        Two(ref x0, ref x1);
        Two(ref x2, ref x3);
        Two(ref x4, ref x5);
        Two(ref x6, ref x7);
        Store(x0, x1, target, columnStride, columns);
        Store(x2, x3, target + (2 * columnStride), columnStride, columns - 2);
        Store(x4, x5, target + (4 * columnStride), columnStride, columns - 4);
        Store(x6, x7, target + (6 * columnStride), columnStride, columns - 6);
    }

    /// <summary>Copies a tile of 1-byte elements, of 16 columns.</summary>
    /// <inheritdoc cref="Transpose(float*, long, float*, long, int)" path="/param"/>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static void Transpose(byte* source, long rowStride, byte* target, long columnStride, int columns = 16)
    {
        VectorParts.LoadRows(source, rowStride, out Vector128<byte> x0);
        VectorParts.LoadRows(source + rowStride, rowStride, out Vector128<byte> x1);
        VectorParts.LoadRows(source + (2 * rowStride), rowStride, out Vector128<byte> x2);
        VectorParts.LoadRows(source + (3 * rowStride), rowStride, out Vector128<byte> x3);
        VectorParts.LoadRows(source + (4 * rowStride), rowStride, out Vector128<byte> x4);
        VectorParts.LoadRows(source + (5 * rowStride), rowStride, out Vector128<byte> x5);
        VectorParts.LoadRows(source + (6 * rowStride), rowStride, out Vector128<byte> x6);
        VectorParts.LoadRows(source + (7 * rowStride), rowStride, out Vector128<byte> x7);
        VectorParts.LoadRows(source + (8 * rowStride), rowStride, out Vector128<byte> x8);
        VectorParts.LoadRows(source + (9 * rowStride), rowStride, out Vector128<byte> x9);
        VectorParts.LoadRows(source + (10 * rowStride), rowStride, out Vector128<byte> x10);
        VectorParts.LoadRows(source + (11 * rowStride), rowStride, out Vector128<byte> x11);
        VectorParts.LoadRows(source + (12 * rowStride), rowStride, out Vector128<byte> x12);
        VectorParts.LoadRows(source + (13 * rowStride), rowStride, out Vector128<byte> x13);
        VectorParts.LoadRows(source + (14 * rowStride), rowStride, out Vector128<byte> x14);
        VectorParts.LoadRows(source + (15 * rowStride), rowStride, out Vector128<byte> x15);
        Four(ref x0, ref x4, ref x8, ref x12);
        Four(ref x1, ref x5, ref x9, ref x13);
        Four(ref x2, ref x6, ref x10, ref x14);
        Four(ref x3, ref x7, ref x11, ref x15);
        Four(ref x0, ref x1, ref x2, ref x3);
        Four(ref x4, ref x5, ref x6, ref x7);
        Four(ref x8, ref x9, ref x10, ref x11);
        Four(ref x12, ref x13, ref x14, ref x15);
        Store(x0, x1, target, columnStride, columns);
        Store(x2, x3, target + (2 * columnStride), columnStride, columns - 2);
        Store(x4, x5, target + (4 * columnStride), columnStride, columns - 4);
        Store(x6, x7, target + (6 * columnStride), columnStride, columns - 6);
        Store(x8, x9, target + (8 * columnStride), columnStride, columns - 8);
        Store(x10, x11, target + (10 * columnStride), columnStride, columns - 10);
        Store(x12, x13, target + (12 * columnStride), columnStride, columns - 12);
        Store(x14, x15, target + (14 * columnStride), columnStride, columns - 14);
    }

    /// <summary>Two steps of a shuffle: the elements of all four by turns.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void Four(ref Vector128<float> a, ref Vector128<float> b, ref Vector128<float> c, ref Vector128<float> d)
    {
        Two(ref a, ref c);
        Two(ref b, ref d);
        Two(ref a, ref b);
        Two(ref c, ref d);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Four(ref Vector128<ushort> a, ref Vector128<ushort> b, ref Vector128<ushort> c, ref Vector128<ushort> d)
    {
        Two(ref a, ref c);
        Two(ref b, ref d);
        Two(ref a, ref b);
        Two(ref c, ref d);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Four(ref Vector128<byte> a, ref Vector128<byte> b, ref Vector128<byte> c, ref Vector128<byte> d)
    {
        Two(ref a, ref c);
        Two(ref b, ref d);
        Two(ref a, ref b);
        Two(ref c, ref d);
    }

    /// <summary>A step of a shuffle: the elements of both by turns, the first half of them in <paramref name="a"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Two(ref Vector128<float> a, ref Vector128<float> b)
    {
        Vector128<float> high = VectorParts.High(a, b);
        a = VectorParts.Low(a, b);
        b = high;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Two(ref Vector128<long> a, ref Vector128<long> b)
    {
        Vector128<long> high = VectorParts.High(a, b);
        a = VectorParts.Low(a, b);
        b = high;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Two(ref Vector128<ushort> a, ref Vector128<ushort> b)
    {
        Vector128<ushort> high = VectorParts.High(a, b);
        a = VectorParts.Low(a, b);
        b = high;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Two(ref Vector128<byte> a, ref Vector128<byte> b)
    {
        Vector128<byte> high = VectorParts.High(a, b);
        a = VectorParts.Low(a, b);
        b = high;
    }

    /// <summary>Stores two columns, or those of them that are left.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(Vector128<float> a, Vector128<float> b, float* target, long columnStride, int columns)
    {
        if (columns > 0)
        {
            Vector128.Store(a, target);
        }

        if (columns > 1)
        {
            Vector128.Store(b, target + columnStride);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(Vector128<long> a, Vector128<long> b, long* target, long columnStride, int columns)
    {
        if (columns > 0)
        {
            Vector128.Store(a, target);
        }

        if (columns > 1)
        {
            Vector128.Store(b, target + columnStride);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(Vector128<ushort> a, Vector128<ushort> b, ushort* target, long columnStride, int columns)
    {
        if (columns > 0)
        {
            Vector128.Store(a, target);
        }

        if (columns > 1)
        {
            Vector128.Store(b, target + columnStride);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(Vector128<byte> a, Vector128<byte> b, byte* target, long columnStride, int columns)
    {
        if (columns > 0)
        {
            Vector128.Store(a, target);
        }

        if (columns > 1)
        {
            Vector128.Store(b, target + columnStride);
        }
    }
}
