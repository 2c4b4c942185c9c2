using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace AotCompiler.Runtime;

/// <summary>
/// Transposes tiles of 4-byte elements in registers. A tile has as many rows as a vector has lanes, and 4 columns: each group of four rows
/// fills one 128-bit part of four registers, which are then transposed within their parts. Elements are moved as bits.
/// </summary>
public static unsafe partial class Transposition
{
    /// <summary>Copies 4 rows of 4 columns: <c>target[column · columnStride + row] = source[row · rowStride + column]</c>.</summary>
    /// <param name="source">Element (0, 0) of the source.</param>
    /// <param name="rowStride">Elements from one row of the source to the next.</param>
    /// <param name="target">Element (0, 0) of the target.</param>
    /// <param name="columnStride">Elements of the target from one column to the next.</param>
    /// <param name="columns">Columns that are written, 2 to 4; 4 are read.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Tile128(float* source, long rowStride, float* target, long columnStride, int columns = 4)
    {
        Columns128(
            Vector128.Load(source),
            Vector128.Load(source + rowStride),
            Vector128.Load(source + (2 * rowStride)),
            Vector128.Load(source + (3 * rowStride)),
            out Vector128<float> column0,
            out Vector128<float> column1,
            out Vector128<float> column2,
            out Vector128<float> column3);
        Vector128.Store(column0, target);
        Vector128.Store(column1, target + columnStride);
        if (columns > 2)
        {
            Vector128.Store(column2, target + (2 * columnStride));
        }

        if (columns > 3)
        {
            Vector128.Store(column3, target + (3 * columnStride));
        }
    }

    /// <summary>Copies 8 rows of 4 columns; see <see cref="Tile128"/>.</summary>
    /// <inheritdoc cref="Tile128" path="/param"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Tile256(float* source, long rowStride, float* target, long columnStride, int columns = 4)
    {
        if (!Avx.IsSupported)
        {
            Tile128(source, rowStride, target, columnStride, columns);
            Tile128(source + (4 * rowStride), rowStride, target + 4, columnStride, columns);
            return;
        }

        Columns256(
            Rows256(source, rowStride),
            Rows256(source + rowStride, rowStride),
            Rows256(source + (2 * rowStride), rowStride),
            Rows256(source + (3 * rowStride), rowStride),
            out Vector256<float> column0,
            out Vector256<float> column1,
            out Vector256<float> column2,
            out Vector256<float> column3);
        Vector256.Store(column0, target);
        Vector256.Store(column1, target + columnStride);
        if (columns > 2)
        {
            Vector256.Store(column2, target + (2 * columnStride));
        }

        if (columns > 3)
        {
            Vector256.Store(column3, target + (3 * columnStride));
        }
    }

    /// <summary>Copies 16 rows of 4 columns; see <see cref="Tile128"/>.</summary>
    /// <inheritdoc cref="Tile128" path="/param"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Tile512(float* source, long rowStride, float* target, long columnStride, int columns = 4)
    {
        if (!Avx512F.IsSupported)
        {
            Tile256(source, rowStride, target, columnStride, columns);
            Tile256(source + (8 * rowStride), rowStride, target + 8, columnStride, columns);
            return;
        }

        Columns512(
            Rows512(source, rowStride),
            Rows512(source + rowStride, rowStride),
            Rows512(source + (2 * rowStride), rowStride),
            Rows512(source + (3 * rowStride), rowStride),
            out Vector512<float> column0,
            out Vector512<float> column1,
            out Vector512<float> column2,
            out Vector512<float> column3);
        Vector512.Store(column0, target);
        Vector512.Store(column1, target + columnStride);
        if (columns > 2)
        {
            Vector512.Store(column2, target + (2 * columnStride));
        }

        if (columns > 3)
        {
            Vector512.Store(column3, target + (3 * columnStride));
        }
    }

    /// <summary>Transposes 4 rows of 4 elements.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void Columns128(
        Vector128<float> row0,
        Vector128<float> row1,
        Vector128<float> row2,
        Vector128<float> row3,
        out Vector128<float> column0,
        out Vector128<float> column1,
        out Vector128<float> column2,
        out Vector128<float> column3)
    {
        Vector128<double> low01 = Low(row0, row1).AsDouble();
        Vector128<double> high01 = High(row0, row1).AsDouble();
        Vector128<double> low23 = Low(row2, row3).AsDouble();
        Vector128<double> high23 = High(row2, row3).AsDouble();
        column0 = Low(low01, low23).AsSingle();
        column1 = High(low01, low23).AsSingle();
        column2 = Low(high01, high23).AsSingle();
        column3 = High(high01, high23).AsSingle();
    }

    /// <summary>The same within each 128-bit part.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void Columns256(
        Vector256<float> row0,
        Vector256<float> row1,
        Vector256<float> row2,
        Vector256<float> row3,
        out Vector256<float> column0,
        out Vector256<float> column1,
        out Vector256<float> column2,
        out Vector256<float> column3)
    {
        Vector256<double> low01 = Avx.UnpackLow(row0, row1).AsDouble();
        Vector256<double> high01 = Avx.UnpackHigh(row0, row1).AsDouble();
        Vector256<double> low23 = Avx.UnpackLow(row2, row3).AsDouble();
        Vector256<double> high23 = Avx.UnpackHigh(row2, row3).AsDouble();
        column0 = Avx.UnpackLow(low01, low23).AsSingle();
        column1 = Avx.UnpackHigh(low01, low23).AsSingle();
        column2 = Avx.UnpackLow(high01, high23).AsSingle();
        column3 = Avx.UnpackHigh(high01, high23).AsSingle();
    }

    /// <summary>The same within each 128-bit part.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void Columns512(
        Vector512<float> row0,
        Vector512<float> row1,
        Vector512<float> row2,
        Vector512<float> row3,
        out Vector512<float> column0,
        out Vector512<float> column1,
        out Vector512<float> column2,
        out Vector512<float> column3)
    {
        Vector512<double> low01 = Avx512F.UnpackLow(row0, row1).AsDouble();
        Vector512<double> high01 = Avx512F.UnpackHigh(row0, row1).AsDouble();
        Vector512<double> low23 = Avx512F.UnpackLow(row2, row3).AsDouble();
        Vector512<double> high23 = Avx512F.UnpackHigh(row2, row3).AsDouble();
        column0 = Avx512F.UnpackLow(low01, low23).AsSingle();
        column1 = Avx512F.UnpackHigh(low01, low23).AsSingle();
        column2 = Avx512F.UnpackLow(high01, high23).AsSingle();
        column3 = Avx512F.UnpackHigh(high01, high23).AsSingle();
    }

    /// <summary>Four elements of a row and of the row four below.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> Rows256(float* source, long rowStride) =>
        Vector256.Create(Vector128.Load(source), Vector128.Load(source + (4 * rowStride)));

    /// <summary>Four elements of a row and of the rows 4, 8 and 12 below.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Rows512(float* source, long rowStride) =>
        Vector512.Create(Rows256(source, rowStride), Rows256(source + (8 * rowStride), rowStride));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> Low(Vector128<float> a, Vector128<float> b) => Sse.IsSupported ? Sse.UnpackLow(a, b)
        : AdvSimd.Arm64.IsSupported ? AdvSimd.Arm64.ZipLow(a, b)
        : Vector128.Create(a[0], b[0], a[1], b[1]);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> High(Vector128<float> a, Vector128<float> b) => Sse.IsSupported ? Sse.UnpackHigh(a, b)
        : AdvSimd.Arm64.IsSupported ? AdvSimd.Arm64.ZipHigh(a, b)
        : Vector128.Create(a[2], b[2], a[3], b[3]);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<double> Low(Vector128<double> a, Vector128<double> b) => Sse2.IsSupported ? Sse2.UnpackLow(a, b)
        : AdvSimd.Arm64.IsSupported ? AdvSimd.Arm64.ZipLow(a, b)
        : Vector128.Create(a[0], b[0]);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<double> High(Vector128<double> a, Vector128<double> b) => Sse2.IsSupported ? Sse2.UnpackHigh(a, b)
        : AdvSimd.Arm64.IsSupported ? AdvSimd.Arm64.ZipHigh(a, b)
        : Vector128.Create(a[1], b[1]);
}
