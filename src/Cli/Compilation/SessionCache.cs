using System;
using System.Collections.Generic;
using System.Threading;
using AotCompiler.Cli.CommandLine;
using AotCompiler.Compiler;

namespace AotCompiler.Cli.Compilation;

/// <summary>Compiles a model once per set of options: data sets of one shape share the work.</summary>
internal sealed class SessionCache : IDisposable
{
    private readonly ModelSource _source;
    private readonly int _threads;
    private readonly Terminal _terminal;
    private readonly CancellationToken _cancellation;
    private readonly Dictionary<CompilerOptions, ModelSession> _sessions = [];

    public SessionCache(ModelSource source, int threads, Terminal terminal, CancellationToken cancellation)
    {
        _source = source;
        _threads = threads;
        _terminal = terminal;
        _cancellation = cancellation;
    }

    /// <summary>The model compiled with these options.</summary>
    public ModelSession Get(CompilerOptions options)
    {
        if (!_sessions.TryGetValue(options, out ModelSession? session))
        {
            _sessions.Add(options, session = ModelSession.Open(_source, options, _threads, _terminal, _cancellation));
        }

        return session;
    }

    /// <summary>Closes all sessions.</summary>
    public void Dispose()
    {
        foreach (ModelSession session in _sessions.Values)
        {
            session.Dispose();
        }
    }
}
