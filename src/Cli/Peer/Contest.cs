using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Linq;
using AotCompiler.Cli.Compilation;
using AotCompiler.InProcess;

namespace AotCompiler.Cli.Peer;

/// <summary>ONNX Runtime at its best, ready to run a model on the same inputs as ours.</summary>
internal sealed class Contest : IDisposable
{
    private readonly OnnxRuntimeLibrary _library;
    private readonly OnnxRuntimeSession _session;
    private readonly OnnxRuntimeRun _run;

    private Contest(OnnxRuntimeLibrary library, OnnxRuntimeSession session, OnnxRuntimeRun run)
    {
        _library = library;
        _session = session;
        _run = run;
    }

    public string Version => _library.Version;

    public OnnxRuntimeSession Session => _session;

    /// <summary>Loads the library and opens the model with all optimisations.</summary>
    /// <param name="path">Path of the native library.</param>
    /// <param name="model">Our side, which gives the inputs.</param>
    /// <param name="threads">Threads within one operator.</param>
    /// <param name="trace">What the session is to note; null for nothing.</param>
    /// <exception cref="OnnxRuntimeException">It cannot be loaded, or refuses the model.</exception>
    public static Contest Open(string path, MeasuredModel model, int threads, OnnxRuntimeTrace? trace = null)
    {
        OnnxRuntimeLibrary library = OnnxRuntimeLibrary.Load(path);
        OnnxRuntimeSession? session = null;
        try
        {
            // Dimensions that have one value under their name are fixed for the peer too, so that it can plan with them.
            Dictionary<string, long> dimensions = model.Inputs.BindDimensions(model.Tensors)
                .Where(static b => !b.Name.EndsWith(']'))
                .ToDictionary(static b => b.Name, static b => (long)b.Value);
            var options = new OnnxRuntimeOptions(OnnxRuntimeOptimization.All, threads) { Dimensions = dimensions, Trace = trace };
            session = library.OpenSession(model.Source.FullPath, options);
            return new Contest(library, session, session.Prepare(model.Tensors));
        }
        catch
        {
            session?.Dispose();
            library.Dispose();
            throw;
        }
    }

    /// <summary>Runs once and returns the time in milliseconds.</summary>
    public double RunTimed()
    {
        long start = Stopwatch.GetTimestamp();
        _run.Run();
        return Clock.MillisecondsSince(start);
    }

    public void Dispose()
    {
        _run.Dispose();
        _session.Dispose();
        _library.Dispose();
    }
}
