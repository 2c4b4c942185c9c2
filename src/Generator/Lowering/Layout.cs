using System;
using System.Collections.Generic;
using System.Linq;
using AotCompiler.Ir;

namespace AotCompiler.Lowering;

/// <summary>How a tensor's channels are arranged.</summary>
internal enum LayoutKind
{
    /// <summary>One stride per dimension; the default, dense row-major unless it is a view.</summary>
    Plain,

    /// <summary>Dimension 1 is split into blocks of 16 channels, and the 16 are innermost: NCHWc with c = 16.</summary>
    Blocked,
}

/// <summary>Extra cells around the spatial dimensions that hold zeros, so that a convolution needs no edge branches.</summary>
/// <param name="Before">Cells before the first, one entry per spatial dimension.</param>
/// <param name="After">Cells behind the last, one entry per spatial dimension.</param>
internal sealed record Halo(int[] Before, int[] After)
{
    public bool IsEmpty => Before.All(static p => p == 0) && After.All(static p => p == 0);

    public static Halo None(int spatialRank) => new(new int[spatialRank], new int[spatialRank]);

    /// <summary>The smallest halo that serves both.</summary>
    public static Halo Max(Halo a, Halo b) => new(
        a.Before.Zip(b.Before, Math.Max).ToArray(),
        a.After.Zip(b.After, Math.Max).ToArray());

    /// <summary>True if every side is at least as wide as the other's.</summary>
    public bool Covers(Halo other) => Before.Zip(other.Before, static (a, b) => a >= b).All(static x => x)
        && After.Zip(other.After, static (a, b) => a >= b).All(static x => x);
}

/// <summary>One loop over a tensor's elements.</summary>
/// <param name="Extent">Number of iterations; the greatest if it is known only at run time.</param>
/// <param name="Stride">Elements from one to the next.</param>
/// <param name="Size">The number of iterations if it is known only at run time; else null.</param>
internal readonly record struct IterationDimension(int Extent, long Stride, Size? Size = null)
{
    public IterationDimension(Extent trip, long stride)
        : this(trip.Maximum, stride, trip.Size)
    {
    }

    /// <summary>Number of iterations with its expression.</summary>
    public Extent Trip => new(Extent, Size);
}

/// <summary>Where the elements of a logical shape lie, in elements relative to the start of their storage.</summary>
internal sealed class Layout
{
    /// <summary>Channels in a block: one 512-bit, two 256-bit or four 128-bit vectors of f32.</summary>
    public const int BlockSize = 16;

    private Layout(LayoutKind kind, Shape shape, long[] strides, long offset, long extent, Halo? halo, int bandRows = 0, bool isNarrow = false)
    {
        IsNarrow = isNarrow;
        Kind = kind;
        Shape = shape;
        Strides = strides;
        Offset = offset;
        Extent = extent;
        Halo = halo;
        BandRows = bandRows;
    }

    public LayoutKind Kind { get; }

    /// <summary>
    /// True if a blocked tensor of fewer than 16 channels has no lanes but those: where there are no vectors, full registers are no
    /// reason to store and compute more.
    /// </summary>
    public bool IsNarrow { get; }

    /// <summary>Lanes of a block that are there, in a blocked layout.</summary>
    public int Lanes => LanesOf(Shape[1], IsNarrow);

    /// <summary>The logical shape.</summary>
    public Shape Shape { get; }

    /// <summary>Elements between neighbours along each logical dimension; for the channels of a blocked layout, between blocks.</summary>
    public long[] Strides { get; }

    /// <summary>Element (0, …, 0) counted from the start of the storage.</summary>
    public long Offset { get; }

    /// <summary>Elements the storage must have.</summary>
    public long Extent { get; }

    /// <summary>Zero cells around the spatial dimensions; null if there are none.</summary>
    public Halo? Halo { get; }

    /// <summary>
    /// Rows that the memory has room for, where it holds a moving band of the rows of dimension 2 and the layout tells where they
    /// all would lie; 0 if it holds all.
    /// </summary>
    public int BandRows { get; }

    public bool IsBlocked => Kind == LayoutKind.Blocked;

    /// <summary>True if the elements lie row-major without gaps; of a band, if the rows that are there do.</summary>
    public bool IsDense
    {
        get
        {
            if (IsBlocked)
            {
                return false;
            }

            long expected = 1;
            for (int i = Shape.Rank - 1; i >= 0; i--)
            {
                if (Shape[i] != 1 && Strides[i] != expected)
                {
                    return false;
                }

                expected *= BandRows > 0 && i == 2 ? BandRows : Shape[i];
            }

            return true;
        }
    }

    /// <summary>True if neighbours along the last dimension of more than one element are neighbours in memory.</summary>
    public bool IsContiguousInside
    {
        get
        {
            int last = Shape.Rank - 1;
            while (last >= 0 && Shape[last] == 1)
            {
                last--;
            }

            return last < 0 || IsBlocked || Strides[last] == 1;
        }
    }

    /// <summary>Row-major without gaps.</summary>
    public static Layout Dense(Shape shape) => new(LayoutKind.Plain, shape, shape.RowMajorStrides(), 0, shape.ElementCount, null);

    /// <summary>Row-major [N, C, spatial…] with a halo around the spatial dimensions.</summary>
    public static Layout Padded(Shape shape, Halo halo) => Build(LayoutKind.Plain, shape, halo);

    /// <summary>[N, ⌈C/16⌉, spatial…, 16], with a halo around the spatial dimensions.</summary>
    /// <param name="shape">[N, C, spatial…].</param>
    /// <param name="halo">The halo.</param>
    /// <param name="isNarrow">True for [N, 1, spatial…, C] if C is below 16.</param>
    public static Layout Blocked(Shape shape, Halo halo, bool isNarrow = false) => Build(LayoutKind.Blocked, shape, halo, isNarrow);

    /// <summary>Lanes of a block of so many channels.</summary>
    public static int LanesOf(int channels, bool isNarrow) => isNarrow ? Math.Min(channels, BlockSize) : BlockSize;

    /// <summary>
    /// The same rows in memory that has room for some of them: planes lie so many rows apart. Whoever reads and writes row r gets a
    /// pointer that is moved, so that it meets row r where the band has it.
    /// </summary>
    public Layout Band(int rows)
    {
        long[] strides = (long[])Strides.Clone();
        strides[1] = rows * strides[2];
        strides[0] = strides[1] * (IsBlocked ? BlockCount(Shape[1]) : Shape[1]);
        return new Layout(Kind, Shape, strides, Offset, strides[0] * Shape[0], Halo, rows, IsNarrow);
    }

    /// <summary>
    /// The elements start, start + step, …, start + (count - 1)·step of one dimension; a negative step reverses, a step of 0 repeats.
    /// Blocked channels can only be cut at block borders.
    /// </summary>
    public Layout Slice(int axis, int start, Extent count, int step = 1)
    {
        if (count == 0)
        {
            return new Layout(Kind, Shape.With(axis, 0), Strides, Offset, Extent, null, isNarrow: IsNarrow);
        }

        long[] strides = (long[])Strides.Clone();
        long offset = Offset;
        if (IsBlocked && axis == 1)
        {
            if (start % BlockSize != 0 || step != 1)
            {
                throw new InvalidOperationException("a blocked layout is cut inside a block");
            }

            offset += start / BlockSize * Strides[axis];
        }
        else
        {
            offset += start * Strides[axis];
            strides[axis] *= step;
        }

        return new Layout(Kind, Shape.With(axis, count), strides, offset, Extent, axis >= 2 ? null : Halo, BandRows, IsNarrow);
    }

    /// <summary>The same elements with dimensions reordered; dimension i of the result is <c>permutation[i]</c> of this. Plain only.</summary>
    public Layout Transpose(IReadOnlyList<int> permutation)
    {
        RequirePlain();
        var dimensions = new Extent[permutation.Count];
        var strides = new long[permutation.Count];
        for (int i = 0; i < dimensions.Length; i++)
        {
            dimensions[i] = Shape.Extent(permutation[i]);
            strides[i] = Strides[permutation[i]];
        }

        return new Layout(LayoutKind.Plain, new Shape((IEnumerable<Extent>)dimensions), strides, Offset, Extent, null);
    }

    /// <summary>The same elements of a blocked layout with exactly one full block, with one stride per dimension; null for all others.</summary>
    public Layout? TryFullBlock()
    {
        if (!IsBlocked || Shape[1] != BlockSize || Lanes != BlockSize || BandRows > 0)
        {
            return null;
        }

        long[] strides = (long[])Strides.Clone();
        strides[1] = 1;
        return new Layout(LayoutKind.Plain, Shape, strides, Offset, Extent, null);
    }

    /// <summary>The same elements repeated along dimensions of size 1 and new outer ones, by strides of zero. Plain only.</summary>
    public Layout BroadcastTo(Shape shape)
    {
        RequirePlain();
        var strides = new long[shape.Rank];
        int skip = shape.Rank - Shape.Rank;
        for (int i = 0; i < shape.Rank; i++)
        {
            strides[i] = i < skip || (Shape[i - skip] == 1 && shape[i] != 1) ? 0 : Strides[i - skip];
        }

        return new Layout(LayoutKind.Plain, shape, strides, Offset, Extent, null);
    }

    /// <summary>One dimension as two, the second of the given length. Of a blocked layout only spatial dimensions, which need not stay two.</summary>
    public Layout SplitAxis(int axis, int inner)
    {
        RequireMovable(axis);
        Extent outer = inner == 0 ? 0 : Ir.Extent.Of(Shape.Extent(axis).Expression.FloorDivide(inner));
        return Reshaped(
            Shape.Extents.Take(axis).Concat(new Extent[] { outer, inner }).Concat(Shape.Extents.Skip(axis + 1)),
            Strides.Take(axis).Concat(new[] { Strides[axis] * inner, Strides[axis] }).Concat(Strides.Skip(axis + 1)));
    }

    /// <summary>The same elements repeated along a new dimension before <paramref name="axis"/>, by a stride of 0.</summary>
    public Layout InsertAxis(int axis, Extent extent)
    {
        RequireMovable(axis);
        return Reshaped(
            Shape.Extents.Take(axis).Append(extent).Concat(Shape.Extents.Skip(axis)),
            Strides.Take(axis).Append(0).Concat(Strides.Skip(axis)));
    }

    /// <summary>One dimension as windows of neighbours, which may overlap: elements are there as often as windows have them. Plain only.</summary>
    /// <param name="axis">The dimension, in whose place come the windows and the elements of each.</param>
    /// <param name="count">How many windows.</param>
    /// <param name="step">Elements from one to the next.</param>
    /// <param name="length">Elements of each.</param>
    public Layout Windows(int axis, Extent count, int step, int length)
    {
        RequirePlain();
        return Reshaped(
            Shape.Extents.Take(axis).Concat(new Extent[] { count, length }).Concat(Shape.Extents.Skip(axis + 1)),
            Strides.Take(axis).Append(Strides[axis] * step).Concat(Strides.Skip(axis)));
    }

    /// <summary>The same elements in the same order under another shape, or null if no strides express that.</summary>
    public Layout? TryReshape(Shape shape)
    {
        if (shape.ElementCount == 0)
        {
            return new Layout(LayoutKind.Plain, shape, shape.RowMajorStrides(), Offset, Extent, null);
        }

        if (IsBlocked)
        {
            return IsFlatBlocked ? Dense(Shape).WithOffset(Offset, Extent).TryReshape(shape) : null;
        }

        if (BandRows > 0)
        {
            return null;
        }

        var strides = new long[shape.Rank];
        List<IterationDimension> source = Merge(Enumerable.Range(0, Shape.Rank).Select(i => new IterationDimension(Shape.Extent(i), Strides[i])));
        int s = source.Count - 1;
        Extent left = s >= 0 ? source[s].Trip : 1;
        long stride = s >= 0 ? source[s].Stride : 1;
        for (int i = shape.Rank - 1; i >= 0; i--)
        {
            Extent extent = shape.Extent(i);
            if (extent == 1)
            {
                strides[i] = stride;
                continue;
            }

            if (left == 1 && s > 0)
            {
                s--;
                left = source[s].Trip;
                stride = source[s].Stride;
            }

            if (left.TryDivide(extent) is not { } rest)
            {
                return null;
            }

            strides[i] = stride;
            stride *= extent.Maximum;
            left = rest;
        }

        return new Layout(LayoutKind.Plain, shape, strides, Offset, Extent, null);
    }

    /// <summary>The dimensions as loops, outermost first; a blocked layout has one more, its innermost lanes (padding included).</summary>
    public IReadOnlyList<IterationDimension> Dimensions()
    {
        var result = new List<IterationDimension>(Shape.Rank + 1);
        for (int i = 0; i < Shape.Rank; i++)
        {
            result.Add(new IterationDimension(IsBlocked && i == 1 ? BlockCount(Shape[1]) : Shape.Extent(i), Strides[i]));
        }

        if (IsBlocked)
        {
            result.Add(new IterationDimension(Lanes, 1));
        }

        return result;
    }

    /// <summary>Blocks that hold so many channels.</summary>
    public static int BlockCount(int channels) => (channels + BlockSize - 1) / BlockSize;

    /// <summary>
    /// Joins neighbouring loops that walk memory like one, and drops loops of one iteration. A loop whose trip count is known only at
    /// run time leaves gaps behind its last iteration: it can be the outer part of a joined loop, not the inner.
    /// </summary>
    public static List<IterationDimension> Merge(IEnumerable<IterationDimension> dimensions)
    {
        var result = new List<IterationDimension>();
        foreach (IterationDimension dimension in dimensions.Where(static d => d.Trip != 1))
        {
            if (result.Count > 0 && dimension.Size is null && result[result.Count - 1].Stride == dimension.Stride * dimension.Extent)
            {
                result[result.Count - 1] = new IterationDimension(result[result.Count - 1].Trip * dimension.Extent, dimension.Stride);
            }
            else
            {
                result.Add(dimension);
            }
        }

        return result;
    }

    /// <summary>For example <c>NCHW16c, halo 1</c> or <c>strides [784, 28, 1]</c>; empty for dense.</summary>
    public string Describe()
    {
        string text = IsBlocked ? $"NC/16…{Lanes}c" : IsDense ? string.Empty : $"strides [{string.Join(", ", Strides.Select(static s => $"{s}"))}]";
        if (Halo is { IsEmpty: false } halo)
        {
            string sides = string.Join(" ", halo.Before.Zip(halo.After, static (b, a) => $"{b}+{a}"));
            text += $"{(text.Length > 0 ? ", " : string.Empty)}halo {sides}";
        }

        if (BandRows > 0)
        {
            text += $"{(text.Length > 0 ? ", " : string.Empty)}a band of {BandRows} rows";
        }

        return text;
    }

    /// <summary>True if a blocked layout happens to be dense row-major: one pixel, and no gap before the padding.</summary>
    private bool IsFlatBlocked => Shape.Product(2, Shape.Rank) == 1 && Halo is null or { IsEmpty: true }
        && (Shape[0] == 1 || (Shape[1] % BlockSize == 0 && Strides[0] == Shape[1]))
        && (Shape[1] <= BlockSize || Strides[1] == BlockSize);

    private static Layout Build(LayoutKind kind, Shape shape, Halo halo, bool isNarrow = false)
    {
        int rank = shape.Rank;
        var strides = new long[rank];
        long stride = kind == LayoutKind.Blocked ? LanesOf(shape[1], isNarrow) : 1;
        long offset = 0;
        for (int i = rank - 1; i >= 2; i--)
        {
            strides[i] = stride;
            offset += halo.Before[i - 2] * stride;
            stride = checked(stride * (shape[i] + halo.Before[i - 2] + halo.After[i - 2]));
        }

        strides[1] = stride;
        stride = checked(stride * (kind == LayoutKind.Blocked ? BlockCount(shape[1]) : shape[1]));
        strides[0] = stride;
        return new Layout(kind, shape, strides, offset, checked(stride * shape[0]), halo.IsEmpty ? null : halo, isNarrow: isNarrow);
    }

    /// <summary>The same strides, but starting at the first cell of the storage, halo included.</summary>
    public Layout ShiftedToStart() => WithOffset(0, Extent);

    /// <summary>The same strides, starting some elements later (or earlier, inside the halo).</summary>
    public Layout Shifted(long elements) => WithOffset(Offset + elements, Extent);

    private Layout WithOffset(long offset, long extent) => new(Kind, Shape, Strides, offset, extent, Halo, BandRows, IsNarrow);

    private Layout Reshaped(IEnumerable<Extent> dimensions, IEnumerable<long> strides) =>
        new(Kind, new Shape(dimensions), strides.ToArray(), Offset, Extent, null, isNarrow: IsNarrow);

    private void RequireMovable(int axis)
    {
        if (IsBlocked && axis < 2)
        {
            throw new InvalidOperationException("a blocked layout keeps its batch and channels in front");
        }
    }

    private void RequirePlain()
    {
        if (IsBlocked)
        {
            throw new InvalidOperationException("the layout is blocked");
        }
    }
}
