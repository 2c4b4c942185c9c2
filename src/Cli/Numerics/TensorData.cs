using System;
using System.Globalization;
using System.Collections.Generic;
using AotCompiler.Onnx;

namespace AotCompiler.Cli.Numerics;

/// <summary>A tensor at rest: element type, shape, and its elements in C order and little-endian bytes.</summary>
/// <remarks>Booleans take one byte each; types narrower than a byte are packed from the low bits up, as ONNX stores them. Strings are handles of 4 bytes, see <c>StringTensors</c>.</remarks>
internal sealed class TensorData
{
    /// <exception cref="ArgumentException">The shape is negative or too large, or the data does not have the length that it asks for.</exception>
    public TensorData(OnnxDataType type, long[] shape, byte[] data)
    {
        if (!TryByteLength(type, shape, out var expected))
        {
            throw new ArgumentException($"A {type.DisplayName()} tensor of shape {Format(shape)} cannot be held.", nameof(shape));
        }

        if (data.LongLength != expected)
        {
            throw new ArgumentException(
                $"A {type.DisplayName()} tensor of shape {Format(shape)} has {Number(expected)} bytes, not {Number(data.LongLength)}.",
                nameof(data));
        }

        Type = type;
        Shape = shape;
        Data = data;
    }

    public OnnxDataType Type { get; }

    /// <summary>Extents, outermost first; empty for a scalar.</summary>
    public long[] Shape { get; }

    public byte[] Data { get; }

    /// <summary>What the entries of the last dimension are called, for a tensor that stands for a sequence of maps; else null.</summary>
    public IReadOnlyList<string>? Keys { get; init; }

    /// <summary>Number of elements, 1 for a scalar.</summary>
    public long Count
    {
        get
        {
            long count = 1;
            foreach (long extent in Shape)
            {
                count *= extent;
            }

            return count;
        }
    }

    /// <summary>Bytes that a tensor takes; false if it has no fixed size, a negative extent, or more bytes than an array can hold.</summary>
    public static bool TryByteLength(OnnxDataType type, ReadOnlySpan<long> shape, out long bytes)
    {
        bytes = 0;
        var bits = type == OnnxDataType.String ? 32 : type.BitWidth();
        if (bits == 0 || shape.ContainsAnyInRange(long.MinValue, -1))
        {
            return false;
        }

        if (shape.Contains(0))
        {
            return true;
        }

        var limit = (long)Array.MaxLength * 8 / bits;
        long count = 1;
        foreach (var extent in shape)
        {
            if (extent > limit / count)
            {
                return false;
            }

            count *= extent;
        }

        bytes = ((count * bits) + 7) / 8;
        return true;
    }

    /// <summary>The shape as messages show it, such as <c>[1, 3, 224, 224]</c>.</summary>
    public static string Format(ReadOnlySpan<long> shape) => "[" + Join(shape) + "]";

    /// <summary>The extents with commas between them.</summary>
    internal static string Join(ReadOnlySpan<long> shape)
    {
        string text = string.Empty;
        for (int i = 0; i < shape.Length; i++)
        {
            text += (i == 0 ? string.Empty : ", ") + shape[i].ToString(CultureInfo.InvariantCulture);
        }

        return text;
    }

    private static string Number(long value) => value.ToString(CultureInfo.InvariantCulture);

    public override string ToString() => $"{Type.DisplayName()} {Format(Shape)}";
}
