using System;
using System.Runtime.InteropServices;
using AotCompiler.Cli.Numerics;
using AotCompiler.Onnx;

namespace AotCompiler.Cli.Tests.Numerics;

/// <summary>Tensors from C# arrays.</summary>
internal static class Tensors
{
    public static TensorData Of<T>(OnnxDataType type, long[] shape, params T[] elements)
        where T : unmanaged => new(type, shape, MemoryMarshal.AsBytes(elements.AsSpan()).ToArray());

    public static TensorData Floats(params float[] elements) => Of(OnnxDataType.Float, [elements.Length], elements);

    public static T[] Elements<T>(this TensorData tensor)
        where T : unmanaged => MemoryMarshal.Cast<byte, T>(tensor.Data).ToArray();
}
