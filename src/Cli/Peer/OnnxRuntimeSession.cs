using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Linq;
using AotCompiler.Cli.Numerics;
using AotCompiler.InProcess;
using AotCompiler.Onnx;

namespace AotCompiler.Cli.Peer;

/// <summary>An input or output of a session.</summary>
/// <param name="Name">Name in the model.</param>
/// <param name="Type">Element type; <see cref="OnnxDataType.Undefined"/> if it is no tensor.</param>
/// <param name="Shape">Extents, −1 where the model leaves one open.</param>
/// <param name="DimensionNames">For each extent its name in the model, or an empty string.</param>
internal sealed record OnnxRuntimeValueInfo(string Name, OnnxDataType Type, long[] Shape, string[] DimensionNames);

/// <summary>A model opened by ONNX Runtime.</summary>
internal sealed unsafe class OnnxRuntimeSession : IDisposable
{
    private readonly OnnxRuntimeLibrary _library;
    private void* _session;
    private int _users = 1;
    private bool _disposed;

    /// <summary>Takes over the native session.</summary>
    internal OnnxRuntimeSession(OnnxRuntimeLibrary library, void* session)
    {
        _library = library;
        _session = session;
        _library.AddUser();
        try
        {
            Inputs = Describe(Api.InputCount(session), input: true);
            Outputs = Describe(Api.OutputCount(session), input: false);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>The model's inputs in its order, without initializers.</summary>
    public IReadOnlyList<OnnxRuntimeValueInfo> Inputs { get; }

    /// <summary>The model's outputs in its order.</summary>
    public IReadOnlyList<OnnxRuntimeValueInfo> Outputs { get; }

    /// <summary>Names of inputs that are maps whose keys are whole numbers; those of others are strings.</summary>
    public IReadOnlyList<string> NumberKeys { get; set; } = [];

    internal OnnxRuntimeApi Api => _library.Api;

    internal void* Handle => _session;

    /// <summary>Runs the model once; results in the order of <see cref="Outputs"/>.</summary>
    /// <param name="inputs">Tensors by input name; an input that the model can do without may be left out.</param>
    public OnnxRuntimeOutput[] Run(IReadOnlyDictionary<string, TensorData> inputs)
    {
        using var run = Prepare(inputs);
        run.Run();
        return run.ReadOutputs();
    }

    /// <summary>Copies the inputs into ONNX Runtime's values, so that running costs nothing but the run itself.</summary>
    public OnnxRuntimeRun Prepare(IReadOnlyDictionary<string, TensorData> inputs)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        foreach (var name in inputs.Keys)
        {
            if (Inputs.All(input => input.Name != name))
            {
                throw new ArgumentException(
                    $"The model has no input '{name}'; its inputs are {string.Join(", ", Inputs.Select(input => $"'{input.Name}'"))}.",
                    nameof(inputs));
            }
        }

        return new OnnxRuntimeRun(this, inputs);
    }

    /// <summary>Ends the noting of times that the session was opened with; returns the path of the file.</summary>
    public string EndProfiling()
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        return Api.EndProfiling(_session);
    }

    /// <summary>Times single runs, in milliseconds; nothing but the run is measured.</summary>
    public double[] Time(IReadOnlyDictionary<string, TensorData> inputs, int warmUps, int repetitions)
    {
        using var run = Prepare(inputs);
        for (var i = 0; i < warmUps; i++)
        {
            run.Run();
        }

        var milliseconds = new double[repetitions];
        for (var i = 0; i < repetitions; i++)
        {
            var start = Stopwatch.GetTimestamp();
            run.Run();
            milliseconds[i] = Clock.MillisecondsSince(start);
        }

        return milliseconds;
    }

    /// <summary>Closes the session, once its last prepared run is released too.</summary>
    public void Dispose()
    {
        if (!_disposed)
        {
            _disposed = true;
            RemoveUser();
        }
    }

    internal void AddUser() => _users++;

    internal void RemoveUser()
    {
        if (--_users == 0)
        {
            Api.ReleaseSession(_session);
            _session = null;
            _library.RemoveUser();
        }
    }

    private OnnxRuntimeValueInfo[] Describe(nuint count, bool input)
    {
        var infos = new OnnxRuntimeValueInfo[(int)count];
        for (nuint i = 0; i < count; i++)
        {
            var name = input ? Api.InputName(_session, i) : Api.OutputName(_session, i);
            var typeInfo = input ? Api.InputTypeInfo(_session, i) : Api.OutputTypeInfo(_session, i);
            try
            {
                infos[(int)i] = Describe(name, Api.AsTensorInfo(typeInfo));
            }
            finally
            {
                Api.ReleaseTypeInfo(typeInfo);
            }
        }

        return infos;
    }

    private OnnxRuntimeValueInfo Describe(string name, void* tensorInfo)
    {
        if (tensorInfo is null)
        {
            return new OnnxRuntimeValueInfo(name, OnnxDataType.Undefined, [], []);
        }

        var shape = Api.Shape(tensorInfo);
        return new OnnxRuntimeValueInfo(
            name, (OnnxDataType)Api.ElementType(tensorInfo), shape, Api.DimensionNames(tensorInfo, shape.Length));
    }
}
