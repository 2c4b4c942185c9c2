using System;
using System.Collections.Immutable;
using System.Globalization;
using System.Linq;
using System.Text;
using AotCompiler.Diagnostics;

namespace AotCompiler.Onnx;

/// <summary>A typed array in row-major order, from a file or from the compiler.</summary>
internal sealed class OnnxTensor
{
    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private readonly TensorContent _content;

    internal OnnxTensor(string name, OnnxDataType dataType, ImmutableArray<long> dims, TensorLength length, TensorContent content)
    {
        Name = name;
        DataType = dataType;
        Dims = dims;
        ElementCount = length.ElementCount;
        ByteLength = length.ByteLength;
        _content = content;
    }

    /// <summary>The value name of an initializer; often empty elsewhere.</summary>
    public string Name { get; }

    public OnnxDataType DataType { get; }

    /// <summary>Sizes, none negative; their product, zeros counted as ones, fits a long.</summary>
    public ImmutableArray<long> Dims { get; }

    /// <summary>Product of <see cref="Dims"/>.</summary>
    public long ElementCount { get; }

    /// <summary>Length of <see cref="Data"/> in bytes; 0 for strings.</summary>
    public long ByteLength { get; }

    /// <summary>Where the bytes lie outside the model file; null when inside.</summary>
    public ExternalDataReference? ExternalData => (_content as ExternalTensorContent)?.Reference;

    /// <summary>
    /// The elements, little-endian, exactly <see cref="ByteLength"/> bytes: two 4-bit or four 2-bit elements per byte,
    /// the first in the lowest bits; complex numbers as real and imaginary part; booleans as 0 or 1.
    /// Decoded or read at the first use.
    /// </summary>
    /// <exception cref="ModelException">The data is strings, or lies in an external file that cannot be used.</exception>
    public ReadOnlyMemory<byte> Data => DataType == OnnxDataType.String
        ? throw new ModelException(DiagnosticCodes.TypeUnsupported, $"{this} holds strings where numbers are expected.")
        : _content.GetBytes(this);

    /// <summary>The elements of a string tensor as bytes, not necessarily text.</summary>
    public ImmutableArray<ReadOnlyMemory<byte>> ByteStrings => _content is StringTensorContent strings
        ? strings.Elements
        : throw new ModelException(DiagnosticCodes.TypeUnsupported, $"{this} holds no strings.");

    /// <summary>The elements of a string tensor as text; not UTF-8 is a <see cref="ModelException"/>.</summary>
    public ImmutableArray<string> Strings => ByteStrings.Select(DecodeString).ToImmutableArray();

    /// <summary>Makes a tensor of numbers.</summary>
    /// <exception cref="ModelException">The length does not fit the type and the dimensions.</exception>
    public static OnnxTensor FromBytes(string name, OnnxDataType dataType, ImmutableArray<long> dims, ReadOnlyMemory<byte> data)
    {
        TensorLength length = TensorLength.Of(name, dataType, dims, ReaderLimits.Default);
        TensorContent content = TensorContent.FromRaw(name, dataType, dims, length, data);
        return new OnnxTensor(name, dataType, dims, length, content);
    }

    /// <summary>Makes a tensor of strings.</summary>
    /// <exception cref="ModelException">The number of strings does not fit the dimensions.</exception>
    public static OnnxTensor FromStrings(string name, ImmutableArray<long> dims, ImmutableArray<ReadOnlyMemory<byte>> elements)
    {
        TensorLength length = TensorLength.Of(name, OnnxDataType.String, dims, ReaderLimits.Default);
        return new OnnxTensor(name, OnnxDataType.String, dims, length, TensorContent.FromStrings(name, dims, length, elements));
    }

    /// <summary>The same data under another name.</summary>
    public OnnxTensor WithName(string name) => new(name, DataType, Dims, new TensorLength(ElementCount, ByteLength), _content);

    /// <summary>Such as <c>tensor "w" float [8, 3, 3, 3]</c>.</summary>
    public override string ToString() => Describe(Name, DataType, Dims);

    internal static string Describe(string name, OnnxDataType type, ImmutableArray<long> dims)
    {
        string shape = string.Join(", ", dims.Select(d => d.ToString(CultureInfo.InvariantCulture)));
        return $"Tensor \"{name}\" {type.DisplayName()} [{shape}]";
    }

    private string DecodeString(ReadOnlyMemory<byte> bytes)
    {
        try
        {
            return StrictUtf8.GetString(bytes.ToArray());
        }
        catch (DecoderFallbackException)
        {
            throw new ModelException(DiagnosticCodes.TensorMalformed, $"{this}: an element is not valid UTF-8 text. Export the model again.");
        }
    }
}

/// <summary>A tensor whose elements are zero but for those listed.</summary>
/// <param name="Values">The listed elements [n]; its name is that of the whole.</param>
/// <param name="Indices">int64 [n] (row-major position) or [n, rank], ascending; not checked here.</param>
/// <param name="Dims">Sizes of the dense tensor, checked like <see cref="OnnxTensor.Dims"/>.</param>
internal sealed record OnnxSparseTensor(OnnxTensor Values, OnnxTensor Indices, ImmutableArray<long> Dims);

/// <summary>The checked size of a tensor.</summary>
internal readonly record struct TensorLength(long ElementCount, long ByteLength)
{
    /// <summary>Multiplies the dimensions out.</summary>
    /// <exception cref="ModelException">A dimension is negative, the product overflows, or the rank exceeds its limit.</exception>
    public static TensorLength Of(string name, OnnxDataType type, ImmutableArray<long> dims, ReaderLimits limits)
    {
        if (dims.Length > limits.MaxRank)
        {
            throw new ModelException(
                DiagnosticCodes.LimitExceeded,
                $"Tensor \"{name}\" has rank {dims.Length}; at most {limits.MaxRank} is supported.");
        }

        if (!type.IsKnown())
        {
            throw new ModelException(
                DiagnosticCodes.TensorMalformed,
                $"Tensor \"{name}\" has the unknown element type {(int)type}. Element types of ONNX up to IR version 13 are 1 to 26.");
        }

        try
        {
            return Multiply(type, dims) ?? throw new ModelException(
                DiagnosticCodes.TensorMalformed,
                $"{OnnxTensor.Describe(name, type, dims)} has a negative dimension. Export the model again.");
        }
        catch (OverflowException)
        {
            throw new ModelException(
                DiagnosticCodes.LimitExceeded,
                $"{OnnxTensor.Describe(name, type, dims)}: the product of the dimensions exceeds 64 bits. Export the model again.");
        }
    }

    private static TensorLength? Multiply(OnnxDataType type, ImmutableArray<long> dims)
    {
        // Zeros count as ones in the overflow check, so that code that multiplies some of the dimensions is safe too.
        long product = 1;
        bool empty = false;
        foreach (long dim in dims)
        {
            if (dim < 0)
            {
                return null;
            }

            empty |= dim == 0;
            product = checked(product * Math.Max(dim, 1));
        }

        long bits = checked(product * type.BitWidth());
        return empty ? default(TensorLength) : new TensorLength(product, (bits / 8) + (bits % 8 == 0 ? 0 : 1));
    }
}
