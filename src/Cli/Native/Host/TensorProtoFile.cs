using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.IO;
using AotCompiler.Cli.Numerics;
using AotCompiler.Onnx;

namespace AotCompiler.Host;

/// <summary>Reads a file that holds one ONNX TensorProto, without a protobuf library.</summary>
internal static class TensorProtoFile
{
    // Field numbers of TensorProto (onnx.proto).
    private const int Dims = 1;
    private const int DataType = 2;
    private const int FloatData = 4;
    private const int Int32Data = 5;
    private const int Int64Data = 7;
    private const int RawData = 9;
    private const int DoubleData = 10;
    private const int UInt64Data = 11;
    private const int ExternalData = 13;

    // Wire types of protocol buffers.
    private const int Varint = 0;
    private const int Fixed64 = 1;
    private const int Delimited = 2;
    private const int Fixed32 = 5;

    /// <summary>Reads a tensor of numbers.</summary>
    /// <exception cref="InvalidDataException">The file is no such message, holds strings or refers to another file.</exception>
    public static TensorData Read(string path)
    {
        try
        {
            return Parse(File.ReadAllBytes(path));
        }
        catch (Exception e) when (e is InvalidDataException or ArgumentException)
        {
            throw new InvalidDataException($"{path}: {e.Message}");
        }
    }

    /// <summary>Decodes a message.</summary>
    public static TensorData Parse(ReadOnlySpan<byte> message)
    {
        var type = OnnxDataType.Undefined;
        var shape = new List<long>();
        var typed = new List<ulong>();
        byte[]? raw = null;
        var floats = new MemoryStream();
        while (!message.IsEmpty)
        {
            ulong tag = ReadVarint(ref message);
            int wire = (int)(tag & 7);
            switch ((int)(tag >> 3))
            {
                case Dims:
                    foreach (ulong dim in ReadVarints(wire, ref message))
                    {
                        shape.Add((long)dim);
                    }

                    break;
                case DataType:
                    type = (OnnxDataType)(int)ReadVarint(ref message);
                    break;
                case RawData:
                    raw = ReadBytes(wire, ref message).ToArray();
                    break;
                case FloatData or DoubleData:
                    floats.Write(ReadBytes(wire, ref message));
                    break;
                case Int32Data or Int64Data or UInt64Data:
                    typed.AddRange(ReadVarints(wire, ref message));
                    break;
                case ExternalData:
                    throw new InvalidDataException("its data lie in another file, which is not supported");
                default:
                    ReadBytes(wire, ref message);
                    break;
            }
        }

        byte[] data = raw ?? (floats.Length > 0 ? floats.ToArray() : Narrow(type, typed));
        return new TensorData(type, shape.ToArray(), NormaliseBooleans(type, data));
    }

    /// <summary>Stores integers in the element's width; types below a byte are stored a byte at a time.</summary>
    private static byte[] Narrow(OnnxDataType type, List<ulong> values)
    {
        int width = Math.Max(1, type.BitWidth() / 8);
        byte[] data = new byte[values.Count * width];
        Span<byte> wide = stackalloc byte[sizeof(ulong)];
        for (int i = 0; i < values.Count; i++)
        {
            BinaryPrimitives.WriteUInt64LittleEndian(wide, values[i]);
            wide.Slice(0, Math.Min(width, wide.Length)).CopyTo(data.AsSpan(i * width));
        }

        return data;
    }

    private static byte[] NormaliseBooleans(OnnxDataType type, byte[] data)
    {
        for (int i = 0; type == OnnxDataType.Bool && i < data.Length; i++)
        {
            data[i] = data[i] == 0 ? (byte)0 : (byte)1;
        }

        return data;
    }

    /// <summary>One number, or a packed list of them.</summary>
    private static List<ulong> ReadVarints(int wire, ref ReadOnlySpan<byte> message)
    {
        var values = new List<ulong>();
        if (wire == Varint)
        {
            values.Add(ReadVarint(ref message));
            return values;
        }

        ReadOnlySpan<byte> packed = wire == Delimited ? ReadBytes(wire, ref message) : throw Malformed();
        while (!packed.IsEmpty)
        {
            values.Add(ReadVarint(ref packed));
        }

        return values;
    }

    private static ReadOnlySpan<byte> ReadBytes(int wire, ref ReadOnlySpan<byte> message)
    {
        if (wire == Varint)
        {
            ReadVarint(ref message);
            return default;
        }

        ulong length = wire switch
        {
            Fixed64 => sizeof(ulong),
            Fixed32 => sizeof(uint),
            Delimited => ReadVarint(ref message),
            _ => throw Malformed(),
        };
        if (length > (ulong)message.Length)
        {
            throw Malformed();
        }

        ReadOnlySpan<byte> bytes = message.Slice(0, (int)length);
        message = message.Slice((int)length);
        return bytes;
    }

    private static ulong ReadVarint(ref ReadOnlySpan<byte> message)
    {
        ulong value = 0;
        for (int i = 0; i < 10 && i < message.Length; i++)
        {
            value |= (ulong)(message[i] & 0x7F) << (7 * i);
            if (message[i] < 0x80)
            {
                message = message.Slice(i + 1);
                return value;
            }
        }

        throw Malformed();
    }

    private static InvalidDataException Malformed() => new("not a well-formed ONNX TensorProto");
}
