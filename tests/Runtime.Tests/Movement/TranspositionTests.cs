using System;
using System.Linq;
using System.Runtime.CompilerServices;
using AotCompiler.Runtime;
using Shouldly;

namespace AotCompiler.Runtime.Tests.Movement;

/// <summary>Tiles of each size of elements and each width, whole and with fewer columns.</summary>
public sealed unsafe class TranspositionTests
{
    private const int RowStride = 21;
    private const int ColumnStride = 67;
    private const int MostRows = 64;

    private delegate void Transpose<T>(T* source, long rowStride, T* target, long columnStride, int columns)
        where T : unmanaged;

    [Fact]
    public void BytesAreTransposed()
    {
        Check<byte>(Vector128Tile.Transpose, 16, 16);
        Check<byte>(Vector256Tile.Transpose, 32, 16);
        Check<byte>(Vector512Tile.Transpose, 64, 16);
    }

    [Fact]
    public void ElementsOf2BytesAreTransposed()
    {
        Check<ushort>(Vector128Tile.Transpose, 8, 8);
        Check<ushort>(Vector256Tile.Transpose, 16, 8);
        Check<ushort>(Vector512Tile.Transpose, 32, 8);
    }

    [Fact]
    public void ElementsOf4BytesAreTransposed()
    {
        Check<float>(Vector128Tile.Transpose, 4, 4);
        Check<float>(Vector256Tile.Transpose, 8, 4);
        Check<float>(Vector512Tile.Transpose, 16, 4);
    }

    [Fact]
    public void ElementsOf8BytesAreTransposed()
    {
        Check<long>(Vector128Tile.Transpose, 2, 2);
        Check<long>(Vector256Tile.Transpose, 4, 2);
        Check<long>(Vector512Tile.Transpose, 8, 2);
    }

    [Fact]
    public void ARowIsATileOfScalarCode()
    {
        Check<byte>(static (x, rows, y, columns, _) => ScalarTile.Transpose(x, rows, y, columns), 1, 16, 16);
        Check<ushort>(static (x, rows, y, columns, _) => ScalarTile.Transpose(x, rows, y, columns), 1, 8, 8);
        Check<float>(static (x, rows, y, columns, _) => ScalarTile.Transpose(x, rows, y, columns), 1, 4, 4);
        Check<long>(static (x, rows, y, columns, _) => ScalarTile.Transpose(x, rows, y, columns), 1, 2, 2);
    }

    private static void Check<T>(Transpose<T> transpose, int rows, int columns, int least = 1)
        where T : unmanaged
    {
        // Bytes that differ between neighbours in every direction; as floats, some are NaN with payloads.
        byte[] bytes = Enumerable.Range(0, MostRows * RowStride * sizeof(T)).Select(static i => (byte)((i * 167) + (i >> 8))).ToArray();
        for (int written = least; written <= columns; written++)
        {
            T[] target = new T[columns * ColumnStride];
            fixed (byte* x = bytes)
            fixed (T* y = target)
            {
                transpose((T*)x, RowStride, y, ColumnStride, written);
                for (int i = 0; i < target.Length; i++)
                {
                    (int column, int row) = Math.DivRem(i, ColumnStride);
                    T expected = column < written && row < rows ? ((T*)x)[(row * RowStride) + column] : default;
                    Bits(target[i]).ShouldBe(Bits(expected), $"{rows} rows, {written} of {columns} columns: row {row}, column {column}");
                }
            }
        }
    }

    private static ulong Bits<T>(T value)
        where T : unmanaged
    {
        ulong bits = 0;
        Unsafe.WriteUnaligned(ref Unsafe.As<ulong, byte>(ref bits), value);
        return bits;
    }
}
