using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Globalization;
using System.Linq;
using AotCompiler.Diagnostics;
using AotCompiler.Onnx.Proto;
using Google.Protobuf;
using Google.Protobuf.Collections;

namespace AotCompiler.Onnx;

/// <summary>Turns parsed tensors into <see cref="OnnxTensor"/>: finds where the data is and checks how much of it there is.</summary>
internal sealed class TensorMirror
{
    private readonly ReaderLimits _limits;
    private readonly IExternalDataSource _external;
    private readonly bool _hasUnpackedData;
    private long _externalBytes;

    public TensorMirror(ReaderLimits limits, IExternalDataSource external, bool hasUnpackedData)
    {
        _limits = limits;
        _external = external;
        _hasUnpackedData = hasUnpackedData;
    }

    public OnnxSparseTensor SparseTensor(SparseTensorProto proto)
    {
        if (proto.Values is null || proto.Indices is null)
        {
            throw new ModelException(
                DiagnosticCodes.TensorMalformed, $"A sparse tensor \"{proto.Values?.Name}\" lacks its values or indices. Export the model again.");
        }

        ImmutableArray<long> dims = proto.Dims.ToImmutableArray();
        OnnxTensor values = Tensor(proto.Values);
        TensorLength.Of(values.Name, values.DataType, dims, _limits);
        return new OnnxSparseTensor(values, Tensor(proto.Indices), dims);
    }

    public OnnxTensor Tensor(TensorProto proto)
    {
        var type = (OnnxDataType)proto.DataType;
        ImmutableArray<long> dims = proto.Dims.ToImmutableArray();
        TensorLength length = TensorLength.Of(proto.Name, type, dims, _limits);
        if (proto.Segment is not null)
        {
            throw Malformed(proto, "is stored in segments, which ONNX reserves but does not define");
        }

        TensorContent content = proto.DataLocation switch
        {
            0 => Inline(proto, type, dims, length),
            1 => External(proto, length),
            _ => throw Malformed(proto, $"has the unknown data location {proto.DataLocation}"),
        };
        return new OnnxTensor(proto.Name, type, dims, length, content);
    }

    private static ModelException Malformed(TensorProto proto, string what) => new(
        DiagnosticCodes.TensorMalformed,
        $"{OnnxTensor.Describe(proto.Name, (OnnxDataType)proto.DataType, proto.Dims.ToImmutableArray())} {what}. Export the model again.");

    private TensorContent Inline(TensorProto proto, OnnxDataType type, ImmutableArray<long> dims, TensorLength length)
    {
        if (_hasUnpackedData)
        {
            PackData(proto);
        }

        List<(string Field, RepeatedField<ByteString> Chunks)> filled = TypedFields(proto).Where(f => f.Chunks.Any(c => c.Length > 0)).ToList();
        if (type == OnnxDataType.String)
        {
            return !proto.HasRawData && filled.Count == 0
                ? TensorContent.FromStrings(proto.Name, dims, length, proto.StringData.Select(s => s.Memory).ToImmutableArray())
                : throw Malformed(proto, "keeps strings elsewhere than in string_data");
        }

        bool hasRaw = proto.HasRawData && proto.RawData.Length > 0;
        if (filled.Count + (hasRaw ? 1 : 0) > 1 || proto.StringData.Count > 0)
        {
            throw Malformed(proto, "has data in more than one field, or numbers in string_data");
        }

        return filled.Count == 0
            ? TensorContent.FromRaw(proto.Name, type, dims, length, proto.RawData.Memory)
            : Typed(proto, filled[0].Field, Concat(filled[0].Chunks), type, dims, length);
    }

    private static TensorContent Typed(
        TensorProto proto, string field, ReadOnlyMemory<byte> data, OnnxDataType type, ImmutableArray<long> dims, TensorLength length)
    {
        string expected = TypedFieldOf(type);
        if (field != expected)
        {
            throw Malformed(proto, $"keeps its data in {field}; its type belongs into {expected} or raw_data");
        }

        // Packed floats and doubles are the little-endian bytes that the mirror promises.
        return field is "float_data" or "double_data"
            ? TensorContent.FromRaw(proto.Name, type, dims, length, data)
            : VarintTensorContent.Create(proto.Name, type, dims, length, data);
    }

    private static IEnumerable<(string Field, RepeatedField<ByteString> Chunks)> TypedFields(TensorProto proto)
    {
        yield return ("float_data", proto.FloatData);
        yield return ("int32_data", proto.Int32Data);
        yield return ("int64_data", proto.Int64Data);
        yield return ("double_data", proto.DoubleData);
        yield return ("uint64_data", proto.Uint64Data);
    }

    private static string TypedFieldOf(OnnxDataType type) => type switch
    {
        OnnxDataType.Float or OnnxDataType.Complex64 => "float_data",
        OnnxDataType.Double or OnnxDataType.Complex128 => "double_data",
        OnnxDataType.Int64 => "int64_data",
        OnnxDataType.UInt32 or OnnxDataType.UInt64 => "uint64_data",
        _ => "int32_data",
    };

    /// <summary>A packed field may come in pieces; one piece is the rule and is not copied.</summary>
    private static ReadOnlyMemory<byte> Concat(RepeatedField<ByteString> chunks)
    {
        if (chunks.Count == 1)
        {
            return chunks[0].Memory;
        }

        byte[] result = new byte[chunks.Sum(c => (long)c.Length)];
        int position = 0;
        foreach (ByteString chunk in chunks)
        {
            chunk.CopyTo(result, position);
            position += chunk.Length;
        }

        return result;
    }

    /// <summary>Parses the typed fields as lists, which accepts every spelling, and puts them back packed.</summary>
    private static void PackData(TensorProto proto)
    {
        TensorDataProto data = TensorDataProto.Parser.ParseFrom(proto.ToByteString());
        Replace(proto.FloatData, data.FloatData, 4, (value, to) => BinaryPrimitives.WriteInt32LittleEndian(to, SingleBits(value)));
        Replace(proto.DoubleData, data.DoubleData, 8, (value, to) => BinaryPrimitives.WriteInt64LittleEndian(to, BitConverter.DoubleToInt64Bits(value)));
        ReplaceVarints(proto.Int32Data, data.Int32Data, value => (ulong)value);
        ReplaceVarints(proto.Int64Data, data.Int64Data, value => (ulong)value);
        ReplaceVarints(proto.Uint64Data, data.Uint64Data, value => value);
    }

    private static unsafe int SingleBits(float value) => *(int*)&value;

    private delegate void Writer<in T>(T value, Span<byte> destination);

    private static void Replace<T>(RepeatedField<ByteString> chunks, RepeatedField<T> values, int width, Writer<T> write)
    {
        byte[] packed = new byte[checked(values.Count * width)];
        for (int i = 0; i < values.Count; i++)
        {
            write(values[i], packed.AsSpan(i * width, width));
        }

        chunks.Clear();
        chunks.Add(UnsafeByteOperations.UnsafeWrap(packed));
    }

    private static void ReplaceVarints<T>(RepeatedField<ByteString> chunks, RepeatedField<T> values, Func<T, ulong> widen)
    {
        byte[] packed = new byte[values.Sum(v => (long)CodedOutputStream.ComputeUInt64Size(widen(v)))];
        using var output = new CodedOutputStream(packed);
        foreach (T value in values)
        {
            output.WriteUInt64(widen(value));
        }

        output.Flush();
        chunks.Clear();
        chunks.Add(UnsafeByteOperations.UnsafeWrap(packed));
    }

    private TensorContent External(TensorProto proto, TensorLength length)
    {
        if (proto.DataType == (int)OnnxDataType.String)
        {
            throw Refused(proto, "strings cannot be external data");
        }

        ExternalDataReference reference = ReadReference(proto);
        if (reference.Length is long declared && declared != length.ByteLength)
        {
            throw Refused(proto, $"its length is given as {declared} bytes; its type and shape need {length.ByteLength}");
        }

        // Neither term is negative, so neither subtraction can overflow.
        if (reference.Offset > long.MaxValue - length.ByteLength || length.ByteLength > _limits.MaxExternalBytes - _externalBytes)
        {
            throw Refused(proto, $"all external data together exceeds {_limits.MaxExternalBytes} bytes, or its offset and length exceed 64 bits");
        }

        _externalBytes += length.ByteLength;
        return new ExternalTensorContent(_external, reference);
    }

    private static ExternalDataReference ReadReference(TensorProto proto)
    {
        string? location = null;
        long offset = 0;
        long? length = null;
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (StringStringEntryProto entry in proto.ExternalData)
        {
            if (!seen.Add(entry.Key))
            {
                throw Refused(proto, $"the key \"{entry.Key}\" is given twice");
            }

            switch (entry.Key)
            {
                case "location":
                    location = entry.Value;
                    break;
                case "offset":
                    offset = ParseSize(proto, entry);
                    break;
                case "length":
                    length = ParseSize(proto, entry);
                    break;
                case "checksum":
                    // An optional SHA-1 of the whole file, which says nothing about who wrote it.
                    break;
                default:
                    throw Refused(proto, $"the key \"{entry.Key}\" is not one that ONNX defines");
            }
        }

        return new ExternalDataReference(location ?? throw Refused(proto, "no location is given"), offset, length);
    }

    private static long ParseSize(TensorProto proto, StringStringEntryProto entry) =>
        long.TryParse(entry.Value, NumberStyles.None, CultureInfo.InvariantCulture, out long size)
            ? size
            : throw Refused(proto, $"{entry.Key} \"{entry.Value}\" is not a number of bytes");

    private static ModelException Refused(TensorProto proto, string why) => new(
        DiagnosticCodes.ExternalDataRefused,
        $"{OnnxTensor.Describe(proto.Name, (OnnxDataType)proto.DataType, proto.Dims.ToImmutableArray())} has external data that is refused: {why}. Export the model again.");
}
