using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using AotCompiler.Cli.CommandLine;
using AotCompiler.Cli.Data;
using AotCompiler.Cli.Numerics;
using AotCompiler.Compiler;

namespace AotCompiler.Cli.Compilation;

/// <summary>A model that is compiled, loaded, given inputs and run once: ready to be measured.</summary>
internal sealed class MeasuredModel : IDisposable
{
    private MeasuredModel(ModelSource source, ModelInputs inputs, CompilerOptions options, ModelSession session, IReadOnlyDictionary<string, TensorData> tensors, string origin)
    {
        Source = source;
        Inputs = inputs;
        Options = options;
        Session = session;
        Tensors = tensors;
        Origin = origin;
    }

    public ModelSource Source { get; }

    public ModelInputs Inputs { get; }

    /// <summary>The options it was compiled with; free dimensions have the values of the data.</summary>
    public CompilerOptions Options { get; }

    public ModelSession Session { get; }

    /// <summary>The inputs by name.</summary>
    public IReadOnlyDictionary<string, TensorData> Tensors { get; }

    /// <summary>Where the inputs come from: the name of a data set, or <c>generated</c>.</summary>
    public string Origin { get; }

    /// <summary>Compiles a model for the inputs of its first data set, or for generated ones, and runs it once.</summary>
    /// <param name="path">The ONNX file.</param>
    /// <param name="options">The user's choices.</param>
    /// <param name="data">Folder with data sets; null for the model's own.</param>
    /// <param name="terminal">Gets notes and warnings.</param>
    /// <param name="cancellation">Ends the compilation.</param>
    /// <exception cref="Diagnostics.ModelException">The model cannot be compiled.</exception>
    /// <exception cref="CommandException">It cannot be run on the inputs.</exception>
    public static MeasuredModel Open(string path, CompilerOptions options, string? data, int threads, Terminal terminal, CancellationToken cancellation)
    {
        ModelSource source = ModelSource.Read(path);
        var inputs = new ModelInputs(source.Onnx);
        TestDataSet? set = TestDataSet.Find(source.FullPath, inputs, data).FirstOrDefault();
        (IReadOnlyDictionary<string, TensorData>? tensors, options) = BindToData(set, inputs, options, terminal);
        ModelSession session = ModelSession.Open(source, options, threads, terminal, cancellation);
        try
        {
            tensors = tensors is not null && session.Accepts(tensors) ? tensors : null;
            string origin = tensors is null ? "generated" : set!.Name;
            tensors ??= GeneratedInputs.For(session.Plan.Schedule.Graph);
            session.SetInputs(tensors);
            session.Run();
            return new MeasuredModel(source, inputs, options, session, tensors, origin);
        }
        catch
        {
            session.Dispose();
            throw;
        }
    }

    public void Dispose() => Session.Dispose();

    /// <summary>The data set's inputs with the dimensions they have; null without a usable data set.</summary>
    private static (IReadOnlyDictionary<string, TensorData>? Tensors, CompilerOptions Options) BindToData(
        TestDataSet? set, ModelInputs inputs, CompilerOptions options, Terminal terminal)
    {
        if (set is null)
        {
            return (null, options);
        }

        try
        {
            IReadOnlyDictionary<string, TensorData> tensors = inputs.Match(set.ReadInputs(), $"Data set {set.Name}");
            return (tensors, BoundOptions.For(options, inputs, tensors, terminal));
        }
        catch (CommandException e)
        {
            terminal.Note($"{set.Name} is not used: {e.Message}");
            return (null, options);
        }
    }
}
