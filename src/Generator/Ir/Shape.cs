using System;
using System.Collections.Generic;
using System.Linq;

namespace AotCompiler.Ir;

/// <summary>A fully known tensor shape: non-negative dimensions, outermost first. Immutable, compared by value.</summary>
internal sealed class Shape : IEquatable<Shape>
{
    /// <summary>The shape of a scalar: rank 0, one element.</summary>
    public static readonly Shape Scalar = new(Array.Empty<int>());

    private readonly int[] _dimensions;

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

    /// <summary>Number of dimensions.</summary>
    public int Rank => _dimensions.Length;

    /// <summary>Product of the dimensions; 1 for a scalar, the largest number where it is beyond 63 bits.</summary>
    public long ElementCount { get; }

    /// <summary>The dimensions, outermost first.</summary>
    public IReadOnlyList<int> Dimensions => _dimensions;

    /// <summary>Dimension <paramref name="axis"/>, which must be in 0..Rank-1.</summary>
    public int this[int axis] => _dimensions[axis];

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
    public Shape With(int axis, int dimension)
    {
        int[] copy = ToArray();
        copy[axis] = dimension;
        return new Shape(copy);
    }

    /// <summary>The common shape under ONNX's multidirectional broadcasting, or null if the shapes do not fit.</summary>
    public static Shape? Broadcast(Shape left, Shape right)
    {
        int rank = Math.Max(left.Rank, right.Rank);
        var result = new int[rank];
        for (int i = 0; i < rank; i++)
        {
            int a = i < rank - left.Rank ? 1 : left[i - (rank - left.Rank)];
            int b = i < rank - right.Rank ? 1 : right[i - (rank - right.Rank)];
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

    public bool Equals(Shape? other) => other is not null && _dimensions.AsSpan().SequenceEqual(other._dimensions);

    public override bool Equals(object? obj) => Equals(obj as Shape);

    public override int GetHashCode() => _dimensions.Aggregate(17, static (hash, dimension) => unchecked((hash * 31) + dimension));

    /// <summary>For example <c>[1, 3, 224, 224]</c>; <c>[]</c> for a scalar.</summary>
    public override string ToString() => $"[{string.Join(", ", _dimensions.Select(static d => $"{d}"))}]";
}
