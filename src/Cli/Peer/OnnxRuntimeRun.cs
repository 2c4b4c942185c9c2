using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Runtime.InteropServices;
using AotCompiler.Cli.Numerics;
using AotCompiler.Onnx;

namespace AotCompiler.Cli.Peer;

/// <summary>A run of a session with given inputs, to be repeated at no cost but its own.</summary>
/// <remarks>Not thread-safe. The outputs that the first run allocates are written again by the later ones.</remarks>
internal sealed unsafe class OnnxRuntimeRun : IDisposable
{
    private const nuint InputAlignment = 64;

    private readonly OnnxRuntimeSession _session;
    private readonly NativeTexts _inputNames;
    private readonly NativeTexts _outputNames;
    private readonly nint[] _inputMemory;
    private readonly nint[] _inputs;
    private readonly nint[] _outputs;
    private bool _disposed;

    internal OnnxRuntimeRun(OnnxRuntimeSession session, IReadOnlyDictionary<string, TensorData> inputs)
    {
        _session = session;
        _session.AddUser();
        var given = session.Inputs.Where(input => inputs.ContainsKey(input.Name)).Select(input => input.Name).ToArray();
        _inputNames = new NativeTexts(given);
        _outputNames = new NativeTexts(session.Outputs.Select(output => output.Name).ToArray());
        _inputMemory = new nint[given.Length];
        _inputs = new nint[given.Length];
        _outputs = new nint[session.Outputs.Count];
        try
        {
            CreateInputs(given, given.Select(name => inputs[name]).ToArray());
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    private OnnxRuntimeApi Api => _session.Api;

    /// <summary>Runs the model.</summary>
    /// <exception cref="OnnxRuntimeException">ONNX Runtime refuses the inputs or an operator fails.</exception>
    public void Run()
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        fixed (nint* inputs = _inputs, outputs = _outputs)
        {
            Api.Run(
                _session.Handle,
                _inputNames.Pointers,
                (void**)inputs,
                (nuint)_inputs.Length,
                _outputNames.Pointers,
                (nuint)_outputs.Length,
                (void**)outputs);
        }
    }

    /// <summary>Copies the results of the last run, in the order of the session's outputs: of a sequence of tensors each element, of a sequence of maps one matrix.</summary>
    /// <exception cref="OnnxRuntimeException">Nothing has been run, or an output cannot be read.</exception>
    public OnnxRuntimeOutput[] ReadOutputs()
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        var reader = new OnnxRuntimeReader(Api);
        return _outputs.SelectMany((value, i) => reader.Read(_session.Outputs[i].Name, value)).ToArray();
    }

    /// <summary>Releases the values and their memory.</summary>
    public void Dispose()
    {
        if (_disposed)
        {
            return;
        }

        _disposed = true;
        foreach (var value in _inputs.Concat(_outputs))
        {
            Api.ReleaseValue((void*)value);
        }

        foreach (var memory in _inputMemory)
        {
            NativeMemory.AlignedFree((void*)memory);
        }

        _inputNames.Dispose();
        _outputNames.Dispose();
        _session.RemoveUser();
    }

    /// <summary>A map of keys to values; releases the values, which it copies.</summary>
    private nint CreateMap(void* memoryInfo, IReadOnlyList<string> keys, bool areNumbers, nint values)
    {
        long[] shape = [keys.Count];
        long[] numbers = areNumbers ? keys.Select(static k => long.Parse(k, CultureInfo.InvariantCulture)).ToArray() : [];
        fixed (long* memory = numbers)
        {
            void* names = areNumbers
                ? Api.CreateTensorOver(memoryInfo, memory, (nuint)(numbers.Length * sizeof(long)), shape, (int)OnnxDataType.Int64)
                : Api.CreateStringTensor(shape, (int)OnnxDataType.String, keys);
            try
            {
                return (nint)Api.CreateMap(names, (void*)values);
            }
            finally
            {
                Api.ReleaseValue(names);
                Api.ReleaseValue((void*)values);
            }
        }
    }

    private void CreateInputs(string[] names, TensorData[] tensors)
    {
        var memoryInfo = Api.CreateCpuMemoryInfo();
        try
        {
            for (var i = 0; i < tensors.Length; i++)
            {
                if (tensors[i].Type == OnnxDataType.String)
                {
                    _inputs[i] = (nint)Api.CreateStringTensor(tensors[i].Shape, (int)tensors[i].Type, tensors[i].ToStrings());
                    continue;
                }

                var data = tensors[i].Data;
                var memory = NativeMemory.AlignedAlloc((nuint)Math.Max(1, data.Length), InputAlignment);
                _inputMemory[i] = (nint)memory;
                data.CopyTo(new Span<byte>(memory, data.Length));
                _inputs[i] = (nint)Api.CreateTensorOver(memoryInfo, memory, (nuint)data.Length, tensors[i].Shape, (int)tensors[i].Type);
                if (tensors[i].Keys is { } keys)
                {
                    _inputs[i] = CreateMap(memoryInfo, keys, _session.NumberKeys.Contains(names[i]), _inputs[i]);
                }
            }
        }
        finally
        {
            Api.ReleaseMemoryInfo(memoryInfo);
        }
    }
}
