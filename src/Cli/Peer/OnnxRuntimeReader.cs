using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Runtime.InteropServices;
using AotCompiler.Cli.Data;
using AotCompiler.Cli.Numerics;
using AotCompiler.Onnx;

namespace AotCompiler.Cli.Peer;

/// <summary>A tensor that a session computed.</summary>
/// <param name="Name">The output, or the element of an output that is a sequence.</param>
/// <param name="Data">The tensor.</param>
internal sealed record OnnxRuntimeOutput(string Name, TensorData Data);

/// <summary>Copies ONNX Runtime's values.</summary>
internal sealed unsafe class OnnxRuntimeReader(OnnxRuntimeApi api)
{
    private const int Sequence = 2;
    public const int Map = 3;

    /// <summary>Index of a map's keys; its values follow.</summary>
    private const int Keys = 0;
    private const int Values = 1;

    /// <summary>The tensors of a value: itself, one per element of a sequence, and for a sequence of maps a matrix with a row per map and a column per key.</summary>
    /// <exception cref="OnnxRuntimeException">The value is missing, or of another kind.</exception>
    public IReadOnlyList<OnnxRuntimeOutput> Read(string name, nint value)
    {
        if (value == 0)
        {
            throw new OnnxRuntimeException($"Output '{name}' has no value.");
        }

        if (api.IsTensor((void*)value))
        {
            return [new OnnxRuntimeOutput(name, Tensor(name, value))];
        }

        if (api.ValueType((void*)value) != Sequence)
        {
            throw new OnnxRuntimeException($"Output '{name}' is neither a tensor nor a sequence of tensors or maps, and cannot be compared.");
        }

        nint[] elements = Enumerable.Range(0, (int)api.ElementCount((void*)value)).Select(i => Element(value, i)).ToArray();
        try
        {
            return elements.Length > 0 && elements.All(e => api.ValueType((void*)e) == Map)
                ? [new OnnxRuntimeOutput(name, Matrix(name, elements))]
                : elements.SelectMany((e, i) => Read(TensorFile.Element(name, i), e)).ToArray();
        }
        finally
        {
            Release(elements);
        }
    }

    /// <summary>The values of maps that have the same keys, in the order of the keys.</summary>
    private TensorData Matrix(string name, nint[] maps)
    {
        string[] keys = Texts(Part(name, maps[0], Keys));
        var rows = new List<byte>();
        foreach (nint map in maps)
        {
            if (!Texts(Part(name, map, Keys)).SequenceEqual(keys))
            {
                throw new OnnxRuntimeException($"The maps of output '{name}' have different keys, and cannot be compared.");
            }

            rows.AddRange(Part(name, map, Values).Data);
        }

        OnnxDataType type = Part(name, maps[0], Values).Type;
        return new TensorData(type, [maps.Length, keys.Length], rows.ToArray()) { Keys = keys };
    }

    private static string[] Texts(TensorData keys) => keys.Type == OnnxDataType.String
        ? keys.ToStrings()
        : MemoryMarshal.Cast<byte, long>(keys.Data).ToArray().Select(static key => key.ToString(CultureInfo.InvariantCulture)).ToArray();

    private TensorData Part(string name, nint map, int index)
    {
        nint part = Element(map, index);
        try
        {
            return Tensor(name, part);
        }
        finally
        {
            Release(part);
        }
    }

    private nint Element(nint value, int index) => (nint)api.Element((void*)value, index);

    private void Release(params nint[] values)
    {
        foreach (nint value in values)
        {
            api.ReleaseValue((void*)value);
        }
    }

    private TensorData Tensor(string name, nint value)
    {
        var info = api.TensorInfo((void*)value);
        try
        {
            var type = (OnnxDataType)api.ElementType(info);
            var shape = api.Shape(info);
            if (!TensorData.TryByteLength(type, shape, out var length))
            {
                throw new OnnxRuntimeException($"Output '{name}', {type.DisplayName()} {TensorData.Format(shape)}, cannot be read.");
            }

            if (type == OnnxDataType.String)
            {
                return StringTensors.OfStrings(shape, api.Strings((void*)value, (int)(length / sizeof(int))));
            }

            var data = length == 0 ? [] : new ReadOnlySpan<byte>(api.TensorMemory((void*)value), (int)length).ToArray();
            return new TensorData(type, shape, data);
        }
        finally
        {
            api.ReleaseTensorInfo(info);
        }
    }
}
