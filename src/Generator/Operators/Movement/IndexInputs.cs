using System.Collections.Generic;
using System.Linq;
using AotCompiler.Diagnostics;
using AotCompiler.Ir;
using AotCompiler.Lowering;

namespace AotCompiler.Operators.Movement;

/// <summary>Checks and reads inputs that hold indices.</summary>
internal static class IndexInputs
{
    /// <summary>Fails unless an input holds i32 or i64 indices that, where they are constant, lie in [-length, length).</summary>
    public static void Check(InferContext context, int input, int length)
    {
        context.RequireType(input, ElementType.Int64, ElementType.Int32);
        if (length == 0 && context.Shape(input).ElementCount > 0)
        {
            throw context.Fail(DiagnosticCodes.ShapeMismatch, "the indexed axis is empty, so that no index is valid");
        }

        if (context.Input(input).Constant is not { } constant)
        {
            return;
        }

        foreach (long index in constant.ToInt64Array())
        {
            if (index < -length || index >= length)
            {
                throw context.Fail(DiagnosticCodes.ShapeMismatch, $"index {index} is outside [-{length}, {length - 1}]");
            }
        }
    }

    /// <summary>Constant indices with negative ones counted from the end.</summary>
    /// <exception cref="ModelException">An index is out of range: only possible for operands of a constant node, which were not checked before.</exception>
    public static int[] Table(Tensor indices, int length) => indices.ToInt64Array().Select(i => Normalize(i, length)).ToArray();

    /// <summary>An index with negative ones counted from the end.</summary>
    public static int Normalize(long index, int length) => index >= -length && index < length
        ? (int)(index < 0 ? index + length : index)
        : throw new ModelException(DiagnosticCodes.ShapeMismatch, $"Index {index} is outside [-{length}, {length - 1}]. Check the model with its exporter.");

    /// <summary>The axis of a node's attribute, 0..rank-1 of input 0.</summary>
    public static int AxisOf(Node node)
    {
        Shape.TryNormalizeAxis(node.Attributes.Int("axis", 0), node.Required(0).Shape.Rank, out int axis);
        return axis;
    }

    /// <summary>Fails unless input 1 holds an index for elements of input 0 along an axis, and no more of them than there are elsewhere.</summary>
    public static void CheckElements(InferContext context, int axis)
    {
        Shape data = context.Shape(0);
        Shape indices = context.Shape(1);
        bool fits = data.Rank == indices.Rank && data.Rank > 0;
        for (int i = 0; fits && i < data.Rank; i++)
        {
            fits = i == axis || indices[i] <= data[i];
        }

        if (!fits)
        {
            throw context.Fail(DiagnosticCodes.ShapeMismatch, "the indices do not fit into the data outside the axis");
        }

        Check(context, 1, data[axis]);
    }

    /// <summary>Loops of a shape over a larger layout that stand still along one axis.</summary>
    public static IReadOnlyList<IterationDimension> Within(Shape shape, Layout layout, int axis) =>
        shape.Extents.Select((extent, i) => new IterationDimension(extent, i == axis ? 0 : layout.Strides[i])).ToArray();

    /// <summary>Fails unless an input holds index tuples into the data's axes from <paramref name="batch"/> on.</summary>
    /// <returns>Numbers in a tuple.</returns>
    public static int CheckTuples(InferContext context, int batch)
    {
        context.RequireType(1, ElementType.Int64, ElementType.Int32);
        Shape data = context.Shape(0);
        Shape indices = context.Shape(1);
        if (data.Rank == 0 || indices.Rank == 0 || batch < 0 || batch >= indices.Rank || batch + indices[indices.Rank - 1] > data.Rank)
        {
            throw context.Fail(DiagnosticCodes.ShapeMismatch, "the index tuples do not fit the data's rank");
        }

        int length = indices[indices.Rank - 1];
        for (int i = 0; i < batch; i++)
        {
            if (data[i] != indices[i])
            {
                throw context.Fail(DiagnosticCodes.ShapeMismatch, $"data and indices differ in batch dimension {i}");
            }
        }

        CheckTupleValues(context, data, batch, length);
        return length;
    }

    private static void CheckTupleValues(InferContext context, Shape data, int batch, int length)
    {
        long[]? values = context.Input(1).Constant?.ToInt64Array();
        for (int j = 0; j < length && context.Shape(1).ElementCount > 0; j++)
        {
            int limit = data[batch + j];
            if (limit == 0)
            {
                throw context.Fail(DiagnosticCodes.ShapeMismatch, "an indexed axis is empty, so that no index is valid");
            }

            for (int i = j; values is not null && i < values.Length; i += length)
            {
                if (values[i] < -limit || values[i] >= limit)
                {
                    throw context.Fail(DiagnosticCodes.ShapeMismatch, $"index {values[i]} is outside [-{limit}, {limit - 1}]");
                }
            }
        }
    }

    /// <summary>The offset that one index tuple selects, from the axes from <paramref name="batch"/> on.</summary>
    public static long TupleOffset(long[] values, long tuple, int length, Shape data, int batch)
    {
        long[] strides = data.RowMajorStrides();
        long offset = 0;
        for (int j = 0; j < length; j++)
        {
            offset += Normalize(values[(tuple * length) + j], data[batch + j]) * strides[batch + j];
        }

        return offset;
    }
}

/// <summary>Maps row-major positions of one shape to offsets in another of the same rank, standing still along one axis.</summary>
internal readonly struct ElementWalk
{
    private readonly int[] _extents;
    private readonly long[] _strides;

    public ElementWalk(Shape shape, Shape within, int axis)
    {
        _extents = shape.ToArray();
        _strides = within.RowMajorStrides();
        _strides[axis] = 0;
    }

    /// <summary>The offset of a position.</summary>
    public long Offset(long position)
    {
        long offset = 0;
        for (int d = _extents.Length - 1; d >= 0; d--)
        {
            offset += position % _extents[d] * _strides[d];
            position /= _extents[d];
        }

        return offset;
    }
}
