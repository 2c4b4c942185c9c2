using System;
using System.Linq;
using AotCompiler.Runtime;
using Shouldly;

namespace AotCompiler.Runtime.Tests.Movement;

public sealed unsafe class TranspositionTests
{
    [Theory]
    [InlineData(4)]
    [InlineData(8)]
    [InlineData(16)]
    public void TilesAreTransposed(int rows)
    {
        const int RowStride = 7;
        const int ColumnStride = 19;
        float[] source = Enumerable.Range(0, 16 * RowStride).Select(static i => (float)i).ToArray();
        float[] target = new float[4 * ColumnStride];
        Array.Fill(target, -1);
        fixed (float* x = source)
        fixed (float* y = target)
        {
            switch (rows)
            {
                case 4:
                    Transposition.Tile128(x, RowStride, y, ColumnStride);
                    break;
                case 8:
                    Transposition.Tile256(x, RowStride, y, ColumnStride);
                    break;
                default:
                    Transposition.Tile512(x, RowStride, y, ColumnStride);
                    break;
            }
        }

        for (int i = 0; i < target.Length; i++)
        {
            int column = i / ColumnStride;
            int row = i % ColumnStride;
            target[i].ShouldBe(row < rows ? source[(row * RowStride) + column] : -1);
        }
    }

    [Fact]
    public void EveryBitPatternSurvives()
    {
        uint[] source = [0x7F800001, 0xFFFFFFFF, 0x80000000, 1, .. Enumerable.Range(0, 12).Select(static i => 0x7FC00000u + (uint)i)];
        uint[] target = new uint[16];
        fixed (uint* x = source)
        fixed (uint* y = target)
        {
            Transposition.Tile128((float*)x, 4, (float*)y, 4);
        }

        for (int i = 0; i < 16; i++)
        {
            target[(i % 4 * 4) + (i / 4)].ShouldBe(source[i]);
        }
    }
}
