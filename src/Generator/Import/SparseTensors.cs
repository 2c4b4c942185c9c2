using System;
using System.Linq;
using AotCompiler.Diagnostics;
using AotCompiler.Ir;
using AotCompiler.Onnx;

namespace AotCompiler.Import;

/// <summary>Makes dense constants of sparse tensors.</summary>
internal static class SparseTensors
{
    /// <summary>Bytes of a dense tensor that are allowed however few elements are listed.</summary>
    private const long FreeBytes = 1L << 26;

    /// <summary>Further bytes of a dense tensor for each byte that is listed.</summary>
    private const long Expansion = 100;

    /// <summary>The dense tensor: zero but for the listed elements.</summary>
    /// <param name="sparse">The tensor of the file.</param>
    /// <param name="values">Its listed elements.</param>
    /// <exception cref="ModelException">Indices are out of range or not ascending, lists have different lengths, or the dense tensor is much larger than the file.</exception>
    public static Tensor ToDense(OnnxSparseTensor sparse, Tensor values)
    {
        if (values.Type == ElementType.String)
        {
            throw Fail(DiagnosticCodes.TypeUnsupported, sparse, "strings are not supported. Export a dense tensor.");
        }

        double count = sparse.Dims.Aggregate(1.0, static (product, d) => product * d);
        if (count * values.Type.Size() > FreeBytes + (Expansion * values.ByteCount) || count > int.MaxValue)
        {
            throw Fail(DiagnosticCodes.TooLarge, sparse, $"it would have {count:0} elements, of which {values.Shape.ElementCount} are listed. Export a dense tensor.");
        }

        var shape = new Shape(sparse.Dims.Select(static d => (int)d));
        int[] positions = Positions(sparse, values, shape);
        int size = values.Type.Size();
        string recipe = sparse.Values.Name.Length == 0 ? "sparse constant" : sparse.Values.Name;
        return Tensor.Lazy(values.Type, shape, recipe, () =>
        {
            var bytes = new byte[shape.ElementCount * size];
            for (int i = 0; i < positions.Length; i++)
            {
                values.Bytes.Slice(i * size, size).CopyTo(bytes.AsSpan(positions[i] * size));
            }

            return bytes;
        });
    }

    /// <summary>Row-major positions of the listed elements.</summary>
    private static int[] Positions(OnnxSparseTensor sparse, Tensor values, Shape shape)
    {
        OnnxTensor indices = sparse.Indices;
        bool linear = indices.Dims.Length == 1;
        bool fits = values.Shape.Rank == 1 && indices.DataType == OnnxDataType.Int64 && indices.Dims.Length is 1 or 2
            && indices.Dims[0] == values.Shape[0] && (linear || indices.Dims[1] == shape.Rank);
        if (!fits)
        {
            throw Fail(DiagnosticCodes.TensorMalformed, sparse, "its values must be a list and its indices i64, one position or one index per dimension for each value. Export the model again.");
        }

        ReadOnlySpan<byte> data = indices.Data.Span;
        var positions = new int[values.Shape[0]];
        long[] strides = shape.RowMajorStrides();
        long before = -1;
        for (int i = 0; i < positions.Length; i++)
        {
            long position = linear ? InRange(sparse, Read(data, i), shape.ElementCount) : 0;
            for (int axis = 0; axis < shape.Rank && !linear; axis++)
            {
                position += strides[axis] * InRange(sparse, Read(data, (i * shape.Rank) + axis), shape[axis]);
            }

            if (position <= before)
            {
                throw Fail(DiagnosticCodes.TensorMalformed, sparse, $"index {i} is not above the one before. Export the model again.");
            }

            before = position;
            positions[i] = (int)position;
        }

        return positions;
    }

    private static long Read(ReadOnlySpan<byte> data, int index) => System.Buffers.Binary.BinaryPrimitives.ReadInt64LittleEndian(data.Slice(8 * index));

    private static long InRange(OnnxSparseTensor sparse, long index, long length) => index >= 0 && index < length
        ? index
        : throw Fail(DiagnosticCodes.TensorMalformed, sparse, $"index {index} is outside [0, {length - 1}]. Export the model again.");

    private static ModelException Fail(string code, OnnxSparseTensor sparse, string reason) => new(
        code,
        $"Sparse tensor \"{sparse.Values.Name}\" [{string.Join(", ", sparse.Dims.Select(static d => $"{d}"))}]: {reason}");
}
