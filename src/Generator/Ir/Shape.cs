using System;
using System.Collections.Generic;
using System.Linq;

namespace AotCompiler.Ir;

/// <summary>
/// A tensor shape: non-negative dimensions, outermost first. A dimension may be an expression that is known at run time; its number
/// is then the greatest value, which memory and strides are made for. Immutable, compared by value, expressions included.
/// </summary>
internal sealed class Shape : IEquatable<Shape>
{
    /// <summary>The shape of a scalar: rank 0, one element.</summary>
    public static readonly Shape Scalar = new(Array.Empty<int>());

    private readonly int[] _dimensions;
    private readonly Size?[]? _sizes;

    public Shape(params int[] dimensions)
    {
        long count = 1;
        foreach (int dimension in dimensions)
        {
            if (dimension < 0)
            {
                throw new ArgumentOutOfRangeException(nameof(dimensions), "a dimension is negative");
            }

            count = dimension == 0 || count == 0 ? 0 : count > long.MaxValue / dimension ? long.MaxValue : count * dimension;
        }

        _dimensions = dimensions;
        ElementCount = count;
    }

    public Shape(IEnumerable<int> dimensions)
        : this(dimensions.ToArray())
    {
    }

    public Shape(IEnumerable<Extent> extents)
        : this(extents.ToArray())
    {
    }

    private Shape(Extent[] extents)
        : this(extents.Select(static e => e.Maximum).ToArray())
    {
        _sizes = extents.Any(static e => e.IsDynamic) ? extents.Select(static e => e.Size).ToArray() : null;
    }

    /// <summary>Number of dimensions.</summary>
    public int Rank => _dimensions.Length;

    /// <summary>Product of the dimensions; 1 for a scalar, the largest number where it is beyond 63 bits.</summary>
    public long ElementCount { get; }

    /// <summary>The dimensions, outermost first; of those known at run time the greatest values.</summary>
    public IReadOnlyList<int> Dimensions => _dimensions;

    /// <summary>True if a dimension is known only at run time.</summary>
    public bool IsDynamic => _sizes is not null;

    /// <summary>The dimensions with the expressions of those known at run time, outermost first.</summary>
    public IReadOnlyList<Extent> Extents => Enumerable.Range(0, Rank).Select(Extent).ToArray();

    /// <summary>
    /// True if the elements at their actual sizes lie as they do at the maximum: at most the outermost dimension of more than one
    /// element is known only at run time.
    /// </summary>
    public bool IsCompact => _sizes is null || Enumerable.Range(0, Rank).All(i => _sizes[i] is null || Product(0, i) == 1);

    /// <summary>Elements as an expression.</summary>
    public Size ElementSize => Extents.Aggregate(Size.Of(1), static (product, e) => product * e.Expression);

    /// <summary>Dimension <paramref name="axis"/>, which must be in 0..Rank-1.</summary>
    public int this[int axis] => _dimensions[axis];

    /// <summary>Dimension <paramref name="axis"/> with its expression.</summary>
    public Extent Extent(int axis) => new(_dimensions[axis], _sizes?[axis]);

    /// <summary>True if dimension <paramref name="axis"/> is known only at run time.</summary>
    public bool IsDynamicAt(int axis) => _sizes?[axis] is not null;

    /// <summary>The shape in one of the samples of the sizes; itself if no dimension depends on them.</summary>
    public Shape At(int sample) => _sizes is null ? this : new Shape(_dimensions.Select((d, i) => _sizes[i] is { } size ? checked((int)size.Samples[sample]) : d));

    /// <summary>The shape with all dimensions fixed at their greatest values.</summary>
    public Shape AtMaximum => _sizes is null ? this : new Shape(_dimensions);

    /// <summary>A copy of the dimensions that the caller may change.</summary>
    public int[] ToArray() => (int[])_dimensions.Clone();

    /// <summary>Product of the dimensions from <paramref name="start"/> up to but without <paramref name="end"/>.</summary>
    public long Product(int start, int end)
    {
        long product = 1;
        for (int i = start; i < end; i++)
        {
            product *= _dimensions[i];
        }

        return product;
    }

    /// <summary>Strides in elements of the dense row-major layout.</summary>
    public long[] RowMajorStrides()
    {
        var strides = new long[Rank];
        long stride = 1;
        for (int i = Rank - 1; i >= 0; i--)
        {
            strides[i] = stride;
            stride *= Math.Max(1, _dimensions[i]);
        }

        return strides;
    }

    /// <summary>A copy with one dimension replaced.</summary>
    public Shape With(int axis, Extent dimension) => new(Extents.Select((e, i) => i == axis ? dimension : e));

    /// <summary>The common shape under ONNX's multidirectional broadcasting, or null if the shapes do not fit.</summary>
    public static Shape? Broadcast(Shape left, Shape right)
    {
        int rank = Math.Max(left.Rank, right.Rank);
        var result = new Extent[rank];
        for (int i = 0; i < rank; i++)
        {
            Extent a = i < rank - left.Rank ? 1 : left.Extent(i - (rank - left.Rank));
            Extent b = i < rank - right.Rank ? 1 : right.Extent(i - (rank - right.Rank));
            if (a != b && a != 1 && b != 1)
            {
                return null;
            }

            result[i] = a == 1 ? b : a;
        }

        return new Shape(result);
    }

    /// <summary>True if a tensor of this shape broadcasts to <paramref name="target"/> without enlarging it.</summary>
    public bool BroadcastsTo(Shape target) => target.Equals(Broadcast(this, target));

    /// <summary>Brings a possibly negative axis into 0..rank-1; false if it lies outside.</summary>
    public static bool TryNormalizeAxis(long axis, int rank, out int normalized)
    {
        normalized = (int)(axis < 0 ? axis + rank : axis);
        return axis >= -rank && axis < rank;
    }

    public bool Equals(Shape? other) => other is not null && _dimensions.AsSpan().SequenceEqual(other._dimensions)
        && (_sizes is null || other._sizes is null ? ReferenceEquals(_sizes, other._sizes) : Enumerable.SequenceEqual(_sizes, other._sizes));

    public override bool Equals(object? obj) => Equals(obj as Shape);

    public override int GetHashCode() => _dimensions.Aggregate(17, static (hash, dimension) => unchecked((hash * 31) + dimension));

    /// <summary>For example <c>[1, 3, 224, 224]</c>; <c>[]</c> for a scalar.</summary>
    public override string ToString() => $"[{string.Join(", ", Extents.Select(static d => $"{d}"))}]";
}
