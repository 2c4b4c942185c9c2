using System;
using System.Collections.Generic;
using System.Linq;
using System.Runtime.InteropServices;
using AotCompiler.Ir;
using AotCompiler.Onnx;

namespace AotCompiler.Cli.Numerics;

/// <summary>Tensors of strings, whose elements are handles of <see cref="StringPool"/> in this process.</summary>
internal static class StringTensors
{
    /// <summary>A tensor of strings.</summary>
    public static TensorData OfStrings(long[] shape, IEnumerable<string> elements) => new(
        OnnxDataType.String, shape, MemoryMarshal.AsBytes(elements.Select(StringPool.HandleOf).ToArray().AsSpan()).ToArray());

    /// <summary>A tensor of a file, of strings or numbers.</summary>
    /// <exception cref="Diagnostics.ModelException">The data are outside the file or no text.</exception>
    public static TensorData Of(OnnxTensor tensor) => tensor.DataType == OnnxDataType.String
        ? OfStrings([.. tensor.Dims], tensor.Strings)
        : new TensorData(tensor.DataType, [.. tensor.Dims], tensor.Data.ToArray());

    /// <summary>The elements of a tensor of strings.</summary>
    public static string[] ToStrings(this TensorData tensor) => MemoryMarshal.Cast<byte, int>(tensor.Data).ToArray().Select(StringPool.TextOf).ToArray();
}
