using System;
using System.Buffers.Binary;
using System.Globalization;
using System.IO;
using System.Text;
using AotCompiler.Onnx;

namespace AotCompiler.Cli.Numerics;

/// <summary>NumPy's array files, format versions 1.0, 2.0 and 3.0.</summary>
/// <remarks>
/// Part of every native program that <c>aotc build</c> makes, so that it does without LINQ and formatting by type: they bring much code.
/// Format: https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html.
/// </remarks>
internal static class NpyFile
{
    private const int HeaderAlignment = 64;
    private const int PrefixLength = 8;

    private static ReadOnlySpan<byte> Magic => [0x93, (byte)'N', (byte)'U', (byte)'M', (byte)'P', (byte)'Y'];

    private static readonly (string Code, OnnxDataType Type)[] Codes =
    [
        ("f4", OnnxDataType.Float), ("f8", OnnxDataType.Double), ("f2", OnnxDataType.Float16),
        ("i1", OnnxDataType.Int8), ("i2", OnnxDataType.Int16), ("i4", OnnxDataType.Int32), ("i8", OnnxDataType.Int64),
        ("u1", OnnxDataType.UInt8), ("u2", OnnxDataType.UInt16), ("u4", OnnxDataType.UInt32), ("u8", OnnxDataType.UInt64),
        ("b1", OnnxDataType.Bool), ("c8", OnnxDataType.Complex64), ("c16", OnnxDataType.Complex128),
    ];

    /// <summary>Reads a file.</summary>
    /// <exception cref="InvalidDataException">The content is not a whole .npy file of a type that ONNX knows; the message names the file.</exception>
    public static TensorData Read(string path)
    {
        try
        {
            return Parse(File.ReadAllBytes(path));
        }
        catch (InvalidDataException error)
        {
            throw new InvalidDataException($"{path}: {error.Message}", error);
        }
    }

    /// <summary>Writes a file in version 1.0, C order, little-endian.</summary>
    /// <exception cref="NotSupportedException">NumPy has no such element type.</exception>
    public static void Write(string path, TensorData tensor) => File.WriteAllBytes(path, Format(tensor));

    /// <summary>Decodes the content of a file.</summary>
    /// <exception cref="InvalidDataException">The content is not a whole .npy file of a type that ONNX knows.</exception>
    public static TensorData Parse(ReadOnlySpan<byte> file)
    {
        var header = NpyHeader.Parse(HeaderText(file, out var dataStart));
        var (type, bigEndian) = ParseType(header.Description);
        if (!TensorData.TryByteLength(type, header.Shape, out var length))
        {
            throw new InvalidDataException($"shape {TensorData.Format(header.Shape)} is too large");
        }

        var data = file[dataStart..];
        if (data.Length != length)
        {
            throw new InvalidDataException(
                $"shape {TensorData.Format(header.Shape)} of {header.Description} needs {Number(length)} bytes of data, the file has {Number(data.Length)}");
        }

        var elementSize = type.BitWidth() / 8;
        var bytes = data.ToArray();
        if (bigEndian)
        {
            ReverseEach(bytes, type is OnnxDataType.Complex64 or OnnxDataType.Complex128 ? elementSize / 2 : elementSize);
        }

        if (type == OnnxDataType.Bool && bytes.AsSpan().ContainsAnyExceptInRange((byte)0, (byte)1))
        {
            throw new InvalidDataException("a boolean is neither 0 nor 1");
        }

        return new TensorData(type, header.Shape, header.FortranOrder ? ToRowMajor(bytes, header.Shape, elementSize) : bytes);
    }

    /// <summary>Encodes a tensor as the content of a file.</summary>
    /// <exception cref="NotSupportedException">NumPy has no such element type.</exception>
    public static byte[] Format(TensorData tensor)
    {
        var code = CodeOf(tensor.Type)
            ?? throw new NotSupportedException($"NumPy has no element type for {tensor.Type.DisplayName()}.");
        var order = tensor.Type.BitWidth() == 8 ? "|" : "<";
        var shape = TensorData.Join(tensor.Shape) + (tensor.Shape.Length == 1 ? "," : string.Empty);
        var text = $"{{'descr': '{order}{code}', 'fortran_order': False, 'shape': ({shape}), }}";

        var version = text.Length + HeaderAlignment > ushort.MaxValue ? (byte)2 : (byte)1;
        var lengthSize = version == 1 ? sizeof(ushort) : sizeof(uint);
        var unpadded = PrefixLength + lengthSize + text.Length + 1;
        var dataStart = (unpadded + HeaderAlignment - 1) / HeaderAlignment * HeaderAlignment;
        var file = new byte[dataStart + tensor.Data.Length];
        file.AsSpan(0, dataStart).Fill((byte)' ');
        Magic.CopyTo(file);
        file[6] = version;
        file[7] = 0;
        var headerLength = (uint)(dataStart - PrefixLength - lengthSize);
        for (var i = 0; i < lengthSize; i++)
        {
            file[PrefixLength + i] = (byte)(headerLength >> (8 * i));
        }

        Encoding.ASCII.GetBytes(text, file.AsSpan(PrefixLength + lengthSize));
        file[dataStart - 1] = (byte)'\n';
        tensor.Data.CopyTo(file, dataStart);
        return file;
    }

    private static string HeaderText(ReadOnlySpan<byte> file, out int dataStart)
    {
        if (!file.StartsWith(Magic) || file.Length < PrefixLength + sizeof(uint))
        {
            throw new InvalidDataException("not a .npy file: the signature is missing");
        }

        var version = file[6];
        if (version is < 1 or > 3)
        {
            throw new InvalidDataException($"version {Number(version)}.{Number(file[7])} of the .npy format is not known; known are 1.0, 2.0 and 3.0");
        }

        var lengthSize = version == 1 ? sizeof(ushort) : sizeof(uint);
        var field = file[PrefixLength..];
        long length = version == 1 ? BinaryPrimitives.ReadUInt16LittleEndian(field) : BinaryPrimitives.ReadUInt32LittleEndian(field);
        var rest = field[lengthSize..];
        if (length > rest.Length)
        {
            throw new InvalidDataException($"the header should have {Number(length)} bytes, the file ends after {Number(rest.Length)}");
        }

        dataStart = PrefixLength + lengthSize + (int)length;
        return (version == 3 ? Encoding.UTF8 : Encoding.Latin1).GetString(rest[..(int)length]);
    }

    private static (OnnxDataType Type, bool BigEndian) ParseType(string description)
    {
        var hasOrder = description.Length > 0 && description[0] is '<' or '>' or '|' or '=';
        var code = hasOrder ? description[1..] : description;
        var type = code == "?" ? OnnxDataType.Bool : TypeOf(code);
        if (type == OnnxDataType.Undefined)
        {
            throw new InvalidDataException($"element type '{description}' is not supported; supported are {AllCodes()}");
        }

        return (type, hasOrder && description[0] == '>');
    }

    private static string? CodeOf(OnnxDataType type)
    {
        foreach (var known in Codes)
        {
            if (known.Type == type)
            {
                return known.Code;
            }
        }

        return null;
    }

    private static OnnxDataType TypeOf(string code)
    {
        foreach (var known in Codes)
        {
            if (known.Code == code)
            {
                return known.Type;
            }
        }

        return OnnxDataType.Undefined;
    }

    private static string AllCodes()
    {
        string text = string.Empty;
        foreach (var known in Codes)
        {
            text += (text.Length == 0 ? string.Empty : ", ") + known.Code;
        }

        return text;
    }

    private static string Number(long value) => value.ToString(CultureInfo.InvariantCulture);

    private static void ReverseEach(byte[] bytes, int size)
    {
        for (var start = 0; start < bytes.Length; start += size)
        {
            bytes.AsSpan(start, size).Reverse();
        }
    }

    /// <summary>Reorders elements whose first index varies fastest into C order, where the last one does.</summary>
    private static byte[] ToRowMajor(byte[] source, long[] shape, int elementSize)
    {
        var target = new byte[source.Length];
        var index = new long[shape.Length];
        var strides = new long[shape.Length];
        long stride = 1;
        for (var axis = 0; axis < shape.Length; axis++)
        {
            strides[axis] = stride;
            stride *= shape[axis];
        }

        long from = 0;
        for (var to = 0; to < target.Length; to += elementSize)
        {
            source.AsSpan((int)(from * elementSize), elementSize).CopyTo(target.AsSpan(to));
            for (var axis = shape.Length - 1; axis >= 0; axis--)
            {
                from += strides[axis];
                if (++index[axis] < shape[axis])
                {
                    break;
                }

                from -= strides[axis] * shape[axis];
                index[axis] = 0;
            }
        }

        return target;
    }
}
