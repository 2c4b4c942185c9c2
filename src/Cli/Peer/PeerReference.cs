using System;
using System.Collections.Generic;
using System.Linq;
using AotCompiler.Cli.Compilation;
using AotCompiler.Cli.Data;
using AotCompiler.Cli.Numerics;
using AotCompiler.Onnx;

namespace AotCompiler.Cli.Peer;

/// <summary>ONNX Runtime as the reference of a model's outputs.</summary>
internal sealed class PeerReference : IDisposable
{
    private readonly OnnxRuntimeLibrary _library;
    private readonly OnnxRuntimeSession _session;

    private PeerReference(OnnxRuntimeLibrary library, OnnxRuntimeSession session)
    {
        _library = library;
        _session = session;
    }

    /// <summary>Loads the library and opens the model with all optimisations.</summary>
    /// <param name="path">Path of the native library.</param>
    /// <param name="source">The model.</param>
    /// <exception cref="OnnxRuntimeException">It cannot be loaded, or refuses the model.</exception>
    public static PeerReference Open(string path, ModelSource source)
    {
        OnnxRuntimeLibrary library = OnnxRuntimeLibrary.Load(path);
        try
        {
            OnnxRuntimeSession session = library.OpenSession(source.FullPath, new OnnxRuntimeOptions(OnnxRuntimeOptimization.All));
            session.NumberKeys = source.Onnx.Graph.Inputs.Where(static i => i.Type is OnnxMapType { KeyType: OnnxDataType.Int64 }).Select(static i => i.Name).ToArray();
            return new PeerReference(library, session);
        }
        catch
        {
            library.Dispose();
            throw;
        }
    }

    /// <summary>The outputs for inputs by name.</summary>
    /// <exception cref="OnnxRuntimeException">ONNX Runtime refuses the inputs, an operator fails, or an output cannot be read.</exception>
    public IReadOnlyList<TensorFile> Run(IReadOnlyDictionary<string, TensorData> inputs)
    {
        if (_session.Inputs.FirstOrDefault(i => i.Type == OnnxDataType.Undefined && (!inputs.TryGetValue(i.Name, out TensorData? data) || data.Keys is null)) is { } structured)
        {
            throw new OnnxRuntimeException($"Input '{structured.Name}' is neither a tensor nor a map, and only those are passed on to ONNX Runtime. Give reference data by --data instead.");
        }

        return _session.Run(inputs).Select(output => new TensorFile(output.Name, _library.Version, output.Data)).ToArray();
    }

    public void Dispose()
    {
        _session.Dispose();
        _library.Dispose();
    }
}
