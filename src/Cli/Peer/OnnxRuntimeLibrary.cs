using System;
using System.Collections.Generic;
using System.IO;

namespace AotCompiler.Cli.Peer;

/// <summary>ONNX Runtime, loaded from a native library that the user names: the reference for numbers and the peer for speed.</summary>
/// <remarks>
/// Never a dependency of the product. The library stays loaded until the process ends, because its global state does not
/// survive unloading; its environment lives as long as this object or one of its sessions.
/// </remarks>
internal sealed unsafe class OnnxRuntimeLibrary : IDisposable
{
    private const int LogErrors = 3;

    private readonly object _lock = new();
    private void* _environment;
    private int _users = 1;
    private bool _disposed;

    private OnnxRuntimeLibrary(OnnxRuntimeApi api)
    {
        Api = api;
        _environment = api.CreateEnvironment(LogErrors);
    }

    /// <summary>Version of the library, such as <c>1.20.1</c>.</summary>
    public string Version => Api.Version;

    internal OnnxRuntimeApi Api { get; }

    /// <summary>Loads the library at the path, for instance <c>libonnxruntime.so.1</c>.</summary>
    /// <exception cref="OnnxRuntimeException">It cannot be loaded; the message says what is missing.</exception>
    public static OnnxRuntimeLibrary Load(string path) => new(OnnxRuntimeApi.Load(path));

    /// <summary>Reads and optimises a model.</summary>
    /// <exception cref="OnnxRuntimeException">ONNX Runtime refuses the model.</exception>
    public OnnxRuntimeSession OpenSession(string modelPath, OnnxRuntimeOptions options)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        var nativeOptions = Api.CreateSessionOptions();
        try
        {
            Api.SetLogSeverity(nativeOptions, LogErrors);
            Api.SetOptimizationLevel(nativeOptions, (int)options.Optimization);
            Api.SetIntraOpThreads(nativeOptions, options.Threads);
            Api.SetInterOpThreads(nativeOptions, 1);
            if (options.Trace is { } trace)
            {
                Api.EnableProfiling(nativeOptions, trace.TimesPrefix);
                Api.SetOptimizedModelPath(nativeOptions, trace.OptimizedModelPath);
            }

            foreach (var (name, extent) in options.Dimensions)
            {
                Api.OverrideFreeDimension(nativeOptions, name, extent);
            }

            return new OnnxRuntimeSession(this, Api.CreateSession(_environment, Path.GetFullPath(modelPath), nativeOptions));
        }
        finally
        {
            Api.ReleaseSessionOptions(nativeOptions);
        }
    }

    /// <summary>Releases the environment, once the last session is closed too.</summary>
    public void Dispose()
    {
        if (!_disposed)
        {
            _disposed = true;
            RemoveUser();
        }
    }

    internal void AddUser()
    {
        lock (_lock)
        {
            _users++;
        }
    }

    internal void RemoveUser()
    {
        lock (_lock)
        {
            if (--_users == 0)
            {
                Api.ReleaseEnvironment(_environment);
                _environment = null;
            }
        }
    }
}

/// <summary>How far ONNX Runtime rewrites a graph; the numbers are its own.</summary>
internal enum OnnxRuntimeOptimization
{
    /// <summary>Nothing: each node as it stands in the model, for comparing numbers.</summary>
    None = 0,

    /// <summary>Everything it can, layouts included: its best speed.</summary>
    All = 99,
}

/// <summary>How a session is opened.</summary>
/// <param name="Optimization">How far the graph is rewritten.</param>
/// <param name="Threads">Threads within one operator; 0 lets ONNX Runtime choose.</param>
internal sealed record OnnxRuntimeOptions(OnnxRuntimeOptimization Optimization, int Threads = 1)
{
    /// <summary>Extents for dimensions that the model only names.</summary>
    public IReadOnlyDictionary<string, long> Dimensions { get; init; } = new Dictionary<string, long>();

    /// <summary>What the session is to note about its work; null for nothing.</summary>
    public OnnxRuntimeTrace? Trace { get; init; }
}

/// <summary>Files that ONNX Runtime writes about its own work.</summary>
/// <param name="TimesPrefix">Start of the path of the file with times of nodes; the library adds a date and <c>.json</c>.</param>
/// <param name="OptimizedModelPath">Path of the file that gets the model as it is run, after all rewrites.</param>
internal sealed record OnnxRuntimeTrace(string TimesPrefix, string OptimizedModelPath);
