using System;
using System.Buffers.Binary;
using System.Collections.Immutable;
using AotCompiler.Diagnostics;

namespace AotCompiler.Onnx;

/// <summary>Where a tensor's elements come from. Lengths are checked when it is made; values are decoded when asked for.</summary>
internal abstract class TensorContent
{
    /// <summary>The bytes as <see cref="OnnxTensor.Data"/> defines them.</summary>
    public abstract ReadOnlyMemory<byte> GetBytes(OnnxTensor tensor);

    /// <summary>Content that is already in its final form, but for booleans other than 0 and 1.</summary>
    public static TensorContent FromRaw(
        string name, OnnxDataType type, ImmutableArray<long> dims, TensorLength length, ReadOnlyMemory<byte> data)
    {
        if (type == OnnxDataType.String)
        {
            throw new ModelException(
                DiagnosticCodes.TensorMalformed,
                $"{OnnxTensor.Describe(name, type, dims)}: strings cannot be stored as raw data. Export the model again.");
        }

        return data.Length == length.ByteLength ? new RawTensorContent(data) : throw WrongLength(
            name, type, dims, $"its data has {data.Length} bytes where {length.ByteLength} are needed");
    }

    /// <summary>The elements of a string tensor.</summary>
    public static TensorContent FromStrings(
        string name, ImmutableArray<long> dims, TensorLength length, ImmutableArray<ReadOnlyMemory<byte>> elements) =>
        elements.Length == length.ElementCount ? new StringTensorContent(elements) : throw WrongLength(
            name, OnnxDataType.String, dims, $"it has {elements.Length} strings where {length.ElementCount} are needed");

    internal static ModelException WrongLength(string name, OnnxDataType type, ImmutableArray<long> dims, string what) => new(
        DiagnosticCodes.TensorMalformed,
        $"{OnnxTensor.Describe(name, type, dims)}: {what}. The file is damaged or its exporter is at fault; export the model again.");

    /// <summary>Turns booleans into 0 or 1, copying only when one of them is neither.</summary>
    protected static ReadOnlyMemory<byte> Normalise(OnnxDataType type, ReadOnlyMemory<byte> data)
    {
        if (type != OnnxDataType.Bool || IsBoolean(data.Span))
        {
            return data;
        }

        byte[] copy = data.ToArray();
        for (int i = 0; i < copy.Length; i++)
        {
            copy[i] = copy[i] == 0 ? (byte)0 : (byte)1;
        }

        return copy;
    }

    private static bool IsBoolean(ReadOnlySpan<byte> data)
    {
        foreach (byte value in data)
        {
            if (value > 1)
            {
                return false;
            }
        }

        return true;
    }
}

/// <summary>Bytes of the model file, not copied.</summary>
internal sealed class RawTensorContent : TensorContent
{
    private readonly ReadOnlyMemory<byte> _data;

    public RawTensorContent(ReadOnlyMemory<byte> data) => _data = data;

    /// <inheritdoc/>
    public override ReadOnlyMemory<byte> GetBytes(OnnxTensor tensor) => Normalise(tensor.DataType, _data);
}

/// <summary>Strings of the model file.</summary>
internal sealed class StringTensorContent : TensorContent
{
    public StringTensorContent(ImmutableArray<ReadOnlyMemory<byte>> elements) => Elements = elements;

    public ImmutableArray<ReadOnlyMemory<byte>> Elements { get; }

    /// <inheritdoc/>
    public override ReadOnlyMemory<byte> GetBytes(OnnxTensor tensor) => ReadOnlyMemory<byte>.Empty;
}

/// <summary>Bytes of another file, read when asked for and kept only while somebody uses them.</summary>
internal sealed class ExternalTensorContent : TensorContent
{
    private readonly IExternalDataSource _source;

    private readonly WeakReference<byte[]> _cache = new(null!);

    public ExternalTensorContent(IExternalDataSource source, ExternalDataReference reference)
    {
        _source = source;
        Reference = reference;
    }

    public ExternalDataReference Reference { get; }

    /// <inheritdoc/>
    public override ReadOnlyMemory<byte> GetBytes(OnnxTensor tensor)
    {
        if (tensor.ByteLength == 0)
        {
            return ReadOnlyMemory<byte>.Empty;
        }

        if (!_cache.TryGetTarget(out byte[]? bytes))
        {
            bytes = _source.Read(Reference, tensor.Name, tensor.ByteLength);
            _cache.SetTarget(bytes);
        }

        return Normalise(tensor.DataType, bytes);
    }
}

/// <summary>Elements as packed variable-length integers, decoded at the first use.</summary>
internal sealed class VarintTensorContent : TensorContent
{
    private readonly ReadOnlyMemory<byte> _varints;

    private byte[]? _decoded;

    private VarintTensorContent(ReadOnlyMemory<byte> varints) => _varints = varints;

    /// <summary>Checks that there is one well-formed integer per element (per byte, for elements below eight bits).</summary>
    public static TensorContent Create(
        string name, OnnxDataType type, ImmutableArray<long> dims, TensorLength length, ReadOnlyMemory<byte> varints)
    {
        int bytesPerEntry = Math.Max(1, type.BitWidth() / 8);
        long expected = length.ByteLength / bytesPerEntry;
        long actual = CountVarints(varints.Span);
        return actual == expected ? new VarintTensorContent(varints) : throw WrongLength(
            name, type, dims, actual < 0 ? "its data is not well-formed" : $"its data has {actual} entries where {expected} are needed");
    }

    /// <inheritdoc/>
    /// <remarks>Two threads may decode at the same time; both get the same bytes.</remarks>
    public override ReadOnlyMemory<byte> GetBytes(OnnxTensor tensor) => _decoded ??= Decode(tensor);

    /// <summary>The number of integers; -1 when one is longer than ten bytes or cut off.</summary>
    private static long CountVarints(ReadOnlySpan<byte> data)
    {
        long count = 0;
        int run = 0;
        foreach (byte b in data)
        {
            run++;
            if (run > 10)
            {
                return -1;
            }

            if (b < 0x80)
            {
                count++;
                run = 0;
            }
        }

        return run == 0 ? count : -1;
    }

    private byte[] Decode(OnnxTensor tensor)
    {
        int width = Math.Max(1, tensor.DataType.BitWidth() / 8);
        byte[] result = new byte[tensor.ByteLength];
        ReadOnlySpan<byte> source = _varints.Span;
        for (int offset = 0; offset < result.Length; offset += width)
        {
            Store(tensor, ReadVarint(ref source), result.AsSpan(offset, width));
        }

        return result;
    }

    private static ulong ReadVarint(ref ReadOnlySpan<byte> source)
    {
        ulong value = 0;
        for (int i = 0; ; i++)
        {
            value |= (ulong)(source[i] & 0x7F) << (7 * i);
            if (source[i] < 0x80)
            {
                source = source.Slice(i + 1);
                return value;
            }
        }
    }

    private static void Store(OnnxTensor tensor, ulong value, Span<byte> destination)
    {
        if (tensor.DataType == OnnxDataType.Bool)
        {
            destination[0] = value == 0 ? (byte)0 : (byte)1;
            return;
        }

        switch (destination.Length)
        {
            case 1:
                CheckRange(tensor, value, 8);
                destination[0] = (byte)value;
                break;
            case 2:
                CheckRange(tensor, value, 16);
                BinaryPrimitives.WriteUInt16LittleEndian(destination, (ushort)value);
                break;
            case 4:
                // Protocol buffers define that a 32-bit field drops the upper half of a longer integer.
                BinaryPrimitives.WriteUInt32LittleEndian(destination, (uint)value);
                break;
            default:
                BinaryPrimitives.WriteUInt64LittleEndian(destination, value);
                break;
        }
    }

    /// <summary>Writers sign-extend or zero-extend narrow elements; both spellings are accepted, anything else is refused.</summary>
    private static void CheckRange(OnnxTensor tensor, ulong value, int bits)
    {
        long signed = (int)value;
        if (signed < -(1L << (bits - 1)) || signed >= 1L << bits)
        {
            throw new ModelException(
                DiagnosticCodes.TensorMalformed,
                $"{tensor}: the stored value {signed} does not fit the element type. Export the model again.");
        }
    }
}
