using System;
using System.Collections.Generic;
using System.Linq;
using AotCompiler.Ir;
using AotCompiler.Lowering;
using Shouldly;

namespace AotCompiler.Tests.Lowering;

/// <summary>Layouts against a brute-force map from every logical index to its address.</summary>
public sealed class LayoutTests
{
    [Fact]
    public void DenseIsRowMajor()
    {
        Layout layout = Layout.Dense(new Shape(2, 3, 4));
        Addresses(layout).ShouldBe(Enumerable.Range(0, 24).Select(static i => (long)i));
        layout.IsDense.ShouldBeTrue();
        layout.Extent.ShouldBe(24);
    }

    [Fact]
    public void BlockedPutsSixteenChannelsSideBySide()
    {
        Layout layout = Layout.Blocked(new Shape(2, 40, 3, 5), new Halo([1, 2], [0, 1]));
        long width = 2 + 5 + 1;
        long plane = (1 + 3) * width * 16;
        for (int n = 0; n < 2; n++)
        {
            for (int c = 0; c < 40; c++)
            {
                for (int y = 0; y < 3; y++)
                {
                    for (int x = 0; x < 5; x++)
                    {
                        long expected = (((n * 3) + (c / 16)) * plane) + ((((y + 1) * width) + x + 2) * 16) + (c % 16);
                        Address(layout, n, c, y, x).ShouldBe(expected);
                    }
                }
            }
        }

        layout.Extent.ShouldBe(2 * 3 * plane);
    }

    [Fact]
    public void PaddedKeepsChannelsApart()
    {
        Layout layout = Layout.Padded(new Shape(1, 2, 3, 4), new Halo([1, 1], [1, 1]));
        Address(layout, 0, 1, 2, 3).ShouldBe((5 * 6) + (3 * 6) + 4);
        layout.IsDense.ShouldBeFalse();
    }

    [Theory]
    [InlineData(0, 1, 2, 1)]
    [InlineData(1, 4, 5, -1)]
    [InlineData(2, 6, 3, -3)]
    [InlineData(2, 0, 4, 2)]
    [InlineData(1, 3, 4, 0)]
    [InlineData(1, 4, 0, -1)]
    public void SlicesFollowTheStep(int axis, int start, int count, int step)
    {
        var shape = new Shape(3, 5, 7);
        Layout whole = Layout.Dense(shape);
        Layout part = whole.Slice(axis, start, count, step);
        part.Shape.ShouldBe(shape.With(axis, count));
        foreach (int[] index in Indices(part.Shape))
        {
            int[] source = (int[])index.Clone();
            source[axis] = start + (index[axis] * step);
            Address(part, index).ShouldBe(Address(whole, source));
        }
    }

    [Fact]
    public void BlockedChannelsAreCutAtBlockBorders()
    {
        Layout whole = Layout.Blocked(new Shape(2, 40, 3, 5), Halo.None(2));
        Layout part = whole.Slice(1, 16, 24);
        foreach (int[] index in Indices(part.Shape))
        {
            Address(part, index).ShouldBe(Address(whole, index[0], index[1] + 16, index[2], index[3]));
        }

        Should.Throw<InvalidOperationException>(() => whole.Slice(1, 8, 16));
        Should.Throw<InvalidOperationException>(() => whole.Slice(1, 0, 8, 2));
    }

    [Fact]
    public void TransposesMoveNothing()
    {
        Layout whole = Layout.Dense(new Shape(3, 5, 7)).Slice(1, 4, 3, -2);
        Layout transposed = whole.Transpose([2, 0, 1]);
        foreach (int[] index in Indices(transposed.Shape))
        {
            Address(transposed, index).ShouldBe(Address(whole, index[1], index[2], index[0]));
        }
    }

    [Fact]
    public void BroadcastingRepeats()
    {
        Layout single = Layout.Dense(new Shape(3, 1, 7));
        Layout wide = single.BroadcastTo(new Shape(2, 3, 5, 7));
        foreach (int[] index in Indices(wide.Shape))
        {
            Address(wide, index).ShouldBe(Address(single, index[1], 0, index[3]));
        }
    }

    [Fact]
    public void SplitAndInsertedAxes()
    {
        Layout whole = Layout.Blocked(new Shape(1, 20, 6, 8), Halo.None(2));
        Layout split = whole.SplitAxis(3, 4).SplitAxis(2, 3).InsertAxis(3, 9);
        split.Shape.ShouldBe(new Shape(1, 20, 2, 9, 3, 2, 4));
        foreach (int[] i in Indices(split.Shape))
        {
            Address(split, i).ShouldBe(Address(whole, i[0], i[1], (i[2] * 3) + i[4], (i[5] * 4) + i[6]));
        }

        Should.Throw<InvalidOperationException>(() => whole.SplitAxis(1, 4));
    }

    [Fact]
    public void AReshapeOfABlockedPixelIsAView()
    {
        Layout pooled = Layout.Blocked(new Shape(1, 40, 1, 1), Halo.None(2));
        pooled.TryReshape(new Shape(1, 40)).ShouldNotBeNull();
        Layout.Blocked(new Shape(2, 40, 1, 1), Halo.None(2)).TryReshape(new Shape(2, 40)).ShouldBeNull();
        Layout.Blocked(new Shape(2, 32, 1, 1), Halo.None(2)).TryReshape(new Shape(2, 32)).ShouldNotBeNull();
        Layout.Blocked(new Shape(1, 32, 2, 1), Halo.None(2)).TryReshape(new Shape(1, 64)).ShouldBeNull();
    }

    /// <summary>Whatever views are stacked, a reshape keeps the row-major sequence of addresses, and is found where strides can express it.</summary>
    [Fact]
    public void ReshapesKeepTheOrderOfAddresses()
    {
        var random = new Random(3);
        int found = 0;
        for (int round = 0; round < 4000; round++)
        {
            Layout layout = RandomView(random);
            Shape target = RandomFactors(random, (int)layout.Shape.ElementCount);
            Layout? reshaped = layout.TryReshape(target);
            if (reshaped is not null)
            {
                found++;
                Addresses(reshaped).ShouldBe(Addresses(layout), $"{layout.Shape} {layout.Describe()} to {target}");
                reshaped.TryReshape(layout.Shape).ShouldNotBeNull("the way back must exist");
            }
            else
            {
                IsExpressible(Addresses(layout).ToArray(), target).ShouldBeFalse($"{layout.Shape} {layout.Describe()} to {target}");
            }
        }

        found.ShouldBeGreaterThan(500);
    }

    /// <summary>Everything is a view of nothing.</summary>
    [Fact]
    public void EmptyTensorsReshapeFreely()
    {
        Layout.Dense(new Shape(0, 3)).TryReshape(new Shape(5, 0, 2)).ShouldNotBeNull();
        Layout.Dense(new Shape(2, 0)).Transpose([1, 0]).TryReshape(new Shape(0)).ShouldNotBeNull();
    }

    private static Layout RandomView(Random random)
    {
        var shape = new Shape(Enumerable.Range(0, random.Next(1, 5)).Select(_ => random.Next(1, 5)).ToArray());
        Layout layout = Layout.Dense(shape);
        for (int i = random.Next(3); i > 0; i--)
        {
            switch (random.Next(4))
            {
                case 0:
                    layout = layout.Transpose(Enumerable.Range(0, layout.Shape.Rank).OrderBy(_ => random.Next()).ToArray());
                    break;
                case 1:
                    int axis = random.Next(layout.Shape.Rank);
                    int count = random.Next(1, layout.Shape[axis] + 1);
                    layout = layout.Slice(axis, random.Next(layout.Shape[axis] - count + 1), count);
                    break;
                case 2:
                    int reversed = random.Next(layout.Shape.Rank);
                    layout = layout.Slice(reversed, layout.Shape[reversed] - 1, layout.Shape[reversed], -1);
                    break;
                default:
                    layout = layout.BroadcastTo(new Shape(new[] { random.Next(1, 3) }.Concat(layout.Shape.Dimensions.Select(d => d == 1 ? random.Next(1, 3) : d))));
                    break;
            }
        }

        return layout;
    }

    private static Shape RandomFactors(Random random, int count)
    {
        var factors = new List<int>();
        while (count > 1)
        {
            int factor = Enumerable.Range(2, count - 1).Where(f => count % f == 0).OrderBy(_ => random.Next()).First();
            factors.Add(factor);
            count /= factor;
            if (random.Next(4) == 0)
            {
                factors.Add(1);
            }
        }

        return new Shape(factors.ToArray());
    }

    /// <summary>True if the addresses are those of some strides: each is determined by the first step along every dimension.</summary>
    private static bool IsExpressible(long[] addresses, Shape shape)
    {
        long[] rowMajor = shape.RowMajorStrides();
        int position = 0;
        foreach (int[] index in Indices(shape))
        {
            long expected = addresses[0];
            for (int d = 0; d < shape.Rank; d++)
            {
                expected += shape[d] > 1 ? index[d] * (addresses[rowMajor[d]] - addresses[0]) : 0;
            }

            if (addresses[position++] != expected)
            {
                return false;
            }
        }

        return true;
    }

    private static IEnumerable<long> Addresses(Layout layout) => Indices(layout.Shape).Select(index => Address(layout, index));

    private static long Address(Layout layout, params int[] index)
    {
        long address = layout.Offset;
        for (int d = 0; d < index.Length; d++)
        {
            address += layout.IsBlocked && d == 1 ? (index[d] / 16 * layout.Strides[d]) + (index[d] % 16) : index[d] * layout.Strides[d];
        }

        return address;
    }

    private static IEnumerable<int[]> Indices(Shape shape)
    {
        for (int i = 0; i < shape.ElementCount; i++)
        {
            var index = new int[shape.Rank];
            int rest = i;
            for (int d = shape.Rank - 1; d >= 0; d--)
            {
                index[d] = rest % shape[d];
                rest /= shape[d];
            }

            yield return index;
        }
    }
}
