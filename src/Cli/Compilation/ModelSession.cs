using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using AotCompiler.Cli.CommandLine;
using AotCompiler.Cli.Numerics;
using AotCompiler.Compiler;
using AotCompiler.InProcess;
using AotCompiler.Ir;
using AotCompiler.Onnx;
using AotCompiler.Planning;

namespace AotCompiler.Cli.Compilation;

/// <summary>A model compiled and loaded into this process, run on tensors by name.</summary>
internal sealed class ModelSession : IDisposable
{
    private readonly PackedWeights? _weights;

    private ModelSession(CompilationResult result, PackedWeights? weights, LoadedModel model)
    {
        Plan = result.Plan!;
        _weights = weights;
        Model = model;
    }

    public ExecutionPlan Plan { get; }

    public LoadedModel Model { get; }

    private Graph Graph => Plan.Schedule.Graph;

    /// <summary>Compiles and loads.</summary>
    /// <param name="source">The model.</param>
    /// <param name="options">How to compile it; the instruction set is narrowed to what this machine uses.</param>
    /// <param name="threads">Threads that a run uses.</param>
    /// <param name="terminal">Receives warnings.</param>
    /// <param name="cancellation">Ends the work.</param>
    /// <exception cref="Diagnostics.ModelException">The model cannot be compiled.</exception>
    public static ModelSession Open(ModelSource source, CompilerOptions options, int threads, Terminal terminal, CancellationToken cancellation)
    {
        CompilationResult result = source.Compile(options with { Isa = HostVectors.Narrow(options.Isa) }, terminal, cancellation);
        return terminal.Progress($"Loading {source.Name}", _ => LoadAll([result], cancellation, threads)[0]);
    }

    /// <summary>True if the tensors have the types and shapes of the inputs.</summary>
    public bool Accepts(IReadOnlyDictionary<string, TensorData> inputs) =>
        Graph.Inputs.All(input => inputs.TryGetValue(input.Name, out TensorData? tensor) && Fits(input, tensor, RunSizes.Of(Graph, inputs)));

    /// <summary>Copies tensors into the model's inputs.</summary>
    /// <exception cref="CommandException">A tensor has another type or shape than its input.</exception>
    public void SetInputs(IReadOnlyDictionary<string, TensorData> inputs)
    {
        RunSizes sizes = RunSizes.Of(Graph, inputs);
        for (int i = 0; i < Graph.Inputs.Count; i++)
        {
            Value input = Graph.Inputs[i];
            TensorData tensor = inputs[input.Name];
            var expected = (OnnxDataType)(int)input.Type;
            if (!Fits(input, tensor, sizes))
            {
                throw new CommandException($"Input '{input.Name}' is {expected.DisplayName()} {input.Shape}, the data are {tensor}. {NextStep(tensor, expected)}");
            }

            if (input.Type == ElementType.String)
            {
                tensor.ToStrings().CopyTo(Model.InputStrings(i), 0);
                continue;
            }

            byte[] data = input.Type.PackedBits() == 0 ? tensor.Data : PackedElements.Unpack(tensor.Data, input.Type, (int)sizes.Shape(input.Shape).ElementCount);
            data.CopyTo(Model.Input(i));
        }

        Model.SetSizes(sizes.Dimensions(Graph), Graph.Inputs.Select(input => checked((int)sizes.Shape(input.Shape).ElementCount)).ToArray());
    }

    /// <summary>Copies the outputs of the last run, in the model's order.</summary>
    public IReadOnlyList<(string Name, TensorData Data)> GetOutputs() => Graph.Outputs
        .Select((output, i) => (output.Name, GetOutput(output, i)))
        .ToArray();

    private TensorData GetOutput(GraphOutput output, int index)
    {
        Shape declared = output.Value.Shape;
        Shape actual = declared.IsDynamic ? new Shape(Model.OutputDimensions(index, declared.Rank)) : declared;
        long[] shape = actual.Dimensions.Select(static d => (long)d).ToArray();
        ElementType type = output.Value.Type;
        if (type == ElementType.String)
        {
            return StringTensors.OfStrings(shape, Model.OutputStrings(index)[..checked((int)actual.ElementCount)]);
        }

        Span<byte> bytes = Model.Output(index)[..checked((int)(actual.ElementCount * type.Size()))];
        byte[] data = type.PackedBits() == 0 ? bytes.ToArray() : PackedElements.Pack(bytes, type);
        return new TensorData((OnnxDataType)(int)type, shape, data) { Keys = output.Keys };
    }

    /// <summary>Runs the model on the inputs that are set.</summary>
    /// <exception cref="CommandException">An index in the inputs is out of range.</exception>
    public void Run()
    {
        try
        {
            Model.Run();
        }
        catch (ArgumentException e)
        {
            throw new CommandException($"The run failed on these inputs: {e.Message}");
        }
    }

    /// <summary>Frees the model's memory and deletes what was written to the disk.</summary>
    public void Dispose()
    {
        Model.Dispose();
        _weights?.Dispose();
    }

    private static bool Fits(Value input, TensorData tensor, RunSizes sizes) => tensor.Type == (OnnxDataType)(int)input.Type
        && sizes.IsInRange(input.Shape)
        && tensor.Shape.SequenceEqual(sizes.Shape(input.Shape).Dimensions.Select(static d => (long)d));

    private static string NextStep(TensorData tensor, OnnxDataType expected) => tensor.Type != expected
        ? $"Convert them to {expected.DisplayName()}."
        : "Give data of that shape, or other dimensions by --dim.";

    /// <summary>Loads compiled models, whose class names differ, in one assembly: much faster than one for each.</summary>
    /// <exception cref="InvalidOperationException">The code of at least one of them does not compile.</exception>
    public static IReadOnlyList<ModelSession> LoadAll(IReadOnlyList<CompilationResult> results, CancellationToken cancellation, int threads = 1)
    {
        var weights = new PackedWeights?[results.Count];
        try
        {
            for (int i = 0; i < weights.Length; i++)
            {
                weights[i] = PackedWeights.Write(results[i], cancellation);
            }

            IReadOnlyList<LoadedModel> models = LoadedModel.LoadAll(
                results.Select(CompiledSignature.Of).ToArray(),
                results.SelectMany(static r => r.Sources).Select(static s => (s.HintName, s.Text)),
                weights.OfType<PackedWeights>().Select(static w => w.Path).ToArray(),
                threads);
            return results.Select((result, i) => new ModelSession(result, weights[i], models[i])).ToArray();
        }
        catch
        {
            foreach (PackedWeights? file in weights)
            {
                file?.Dispose();
            }

            throw;
        }
    }
}
