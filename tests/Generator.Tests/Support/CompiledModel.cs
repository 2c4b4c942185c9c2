using System;
using System.Collections.Generic;
using System.Linq;
using System.Runtime.InteropServices;
using System.Threading;
using AotCompiler.Cli.Compilation;
using AotCompiler.Compiler;
using AotCompiler.InProcess;
using AotCompiler.Ir;
using AotCompiler.Onnx;
using Shouldly;

namespace AotCompiler.Tests.Support;

/// <summary>A model compiled by the real stages and loaded into the test's process; runs through the generated public API.</summary>
internal sealed unsafe class CompiledModel
{
    private static int _count;

    private readonly LoadedModel _loaded;

    private CompiledModel(CompilationResult result, LoadedModel loaded)
    {
        Result = result;
        _loaded = loaded;
    }

    public CompilationResult Result { get; }

    public Graph Graph => Result.Plan!.Schedule.Graph;

    /// <summary>Compiles a model for one vector width. Weights of any size are inlined.</summary>
    public static CompiledModel Compile(byte[] model, string isa = "auto", CompilerOptions? options = null) => CompileAll(model, [isa], options)[0];

    /// <summary>Compiles a model for several vector widths, all in one assembly. Weights of any size are inlined.</summary>
    public static IReadOnlyList<CompiledModel> CompileAll(byte[] model, IReadOnlyList<string> isas, CompilerOptions? options = null) =>
        CompileAll(model, isas.Select(isa => (isa, options ?? new CompilerOptions())).ToArray());

    /// <summary>Compiles a model for several vector widths, each with options of its own, all in one assembly. Weights of any size are inlined.</summary>
    public static IReadOnlyList<CompiledModel> CompileAll(byte[] model, IReadOnlyList<(string Isa, CompilerOptions Options)> variants) =>
        Load(variants.Select(v => Generate(model, v.Isa, v.Options)).ToArray());

    /// <summary>Compiles several models for one vector width, all in one assembly. Weights of any size are inlined.</summary>
    public static IReadOnlyList<CompiledModel> CompileAll(IEnumerable<byte[]> models, string isa, CompilerOptions? options = null) =>
        Load(models.Select(model => Generate(model, isa, options ?? new CompilerOptions())).ToArray());

    private static IReadOnlyList<CompiledModel> Load(CompilationResult[] results)
    {
        IReadOnlyList<LoadedModel> loaded = LoadedModel.LoadAll(
            results.Select(CompiledSignature.Of).ToArray(),
            results.SelectMany(static r => r.Sources).Select(static s => (s.HintName, s.Text)));
        return results.Select((r, i) => new CompiledModel(r, loaded[i])).ToArray();
    }

    /// <summary>Loads what was compiled, with its weights in the source.</summary>
    public static CompiledModel Load(CompilationResult result) =>
        new(result, LoadedModel.Load(CompiledSignature.Of(result), result.Sources.Select(static s => (s.HintName, s.Text))));

    private static CompilationResult Generate(byte[] model, string isa, CompilerOptions options)
    {
        CompilationResult result = ModelCompiler.Compile(ModelFile.FromBytes(model), NoExternalData.Instance, options with
        {
            ModelName = $"M{Interlocked.Increment(ref _count)}",
            Isa = TargetIsa.TryParse(isa)!,
            InlineWeightLimit = int.MaxValue,
            AcceptsInternalOperators = true,
        });
        return result.Success ? result : throw new InvalidOperationException(string.Join("\n", result.Diagnostics));
    }

    /// <summary>Runs the model on constants, in the order of the graph's inputs.</summary>
    public IReadOnlyList<Tensor> Run(params Tensor[] inputs)
    {
        int arenaBytes = (int)Result.Plan!.Arena.ArenaBytes;
        byte* arena = (byte*)NativeMemory.AlignedAlloc((nuint)Math.Max(64, arenaBytes), 64);
        var arenaSpan = new Span<byte>(arena, arenaBytes);
        arenaSpan.Fill(0xFF);
        try
        {
            for (int i = 0; i < inputs.Length; i++)
            {
                if (inputs[i].Type == ElementType.String)
                {
                    inputs[i].ToStrings().CopyTo(_loaded.InputStrings(i), 0);
                }
                else
                {
                    inputs[i].Bytes.CopyTo(_loaded.Input(i));
                }
            }

            _loaded.RunIn(arenaSpan);
            return Graph.Outputs.Select((o, i) => Output(o, i)).ToArray();
        }
        finally
        {
            NativeMemory.AlignedFree(arena);
        }
    }

    /// <summary>Runs an instance with so many threads several times on constants; all runs must give the same bits.</summary>
    public IReadOnlyList<Tensor> RunThreaded(int threads, int runs, params Tensor[] inputs)
    {
        using LoadedModel instance = _loaded.NewInstance(threads);
        for (int i = 0; i < inputs.Length; i++)
        {
            inputs[i].Bytes.CopyTo(instance.Input(i));
        }

        IReadOnlyList<Tensor>? first = null;
        for (int run = 0; run < runs; run++)
        {
            if (Result.Plan!.StateBytes > 0)
            {
                instance.Reset();
            }

            instance.Run();
            Tensor[] outputs = Graph.Outputs.Select((o, i) => Tensor.FromBytes(o.Value.Type, o.Value.Shape, instance.Output(i).ToArray(), o.Name)).ToArray();
            outputs.ShouldEqualBits(first ??= outputs, $"run {run} on {threads} threads");
        }

        return first!;
    }

    private Tensor Output(GraphOutput output, int index) => output.Value.Type == ElementType.String
        ? Tensor.OfStrings(output.Value.Shape, _loaded.OutputStrings(index))
        : Tensor.FromBytes(output.Value.Type, output.Value.Shape, _loaded.Output(index).ToArray(), output.Name);

    /// <summary>Begins a new stream.</summary>
    public void Reset() => _loaded.Reset();

    /// <summary>
    /// Runs the model at sizes of the caller's choice. What lies behind the inputs' elements reads as NaN; what lies behind the
    /// outputs' must stay as it is.
    /// </summary>
    /// <param name="dimensions">Values of the dimensions that each run chooses.</param>
    /// <param name="inputs">Inputs of these sizes.</param>
    public IReadOnlyList<Tensor> RunAt(int[] dimensions, params Tensor[] inputs) => RunAt(_loaded, dimensions, inputs);

    /// <summary>The same on an instance with so many threads.</summary>
    public IReadOnlyList<Tensor> RunAtThreaded(int threads, int[] dimensions, params Tensor[] inputs)
    {
        using LoadedModel instance = _loaded.NewInstance(threads);
        return RunAt(instance, dimensions, inputs);
    }

    private IReadOnlyList<Tensor> RunAt(LoadedModel instance, int[] dimensions, Tensor[] inputs)
    {
        for (int i = 0; i < inputs.Length; i++)
        {
            instance.Input(i).Fill(0xFF);
            if (inputs[i].Type == ElementType.String)
            {
                inputs[i].ToStrings().CopyTo(instance.InputStrings(i), 0);
            }
            else
            {
                inputs[i].Bytes.CopyTo(instance.Input(i));
            }
        }

        instance.SetSizes(dimensions, inputs.Select(static t => (int)t.Shape.ElementCount).ToArray());
        for (int i = 0; i < Graph.Outputs.Count; i++)
        {
            instance.Output(i).Fill(0xCD);
        }

        instance.Run();
        return Graph.Outputs.Select((o, i) => Result(i, o)).ToArray();

        Tensor Result(int index, GraphOutput output)
        {
            Value value = output.Value;
            Shape shape = value.Shape.IsDynamic ? new Shape(instance.OutputDimensions(index, value.Shape.Rank)) : value.Shape;
            if (value.Type == ElementType.String)
            {
                return Tensor.OfStrings(shape, instance.OutputStrings(index)[..(int)shape.ElementCount]);
            }

            Span<byte> memory = instance.Output(index);
            int used = (int)shape.ElementCount * value.Type.Size();
            memory[used..].IndexOfAnyExcept((byte)0xCD).ShouldBe(-1, $"memory behind output {output.Name} was written");
            return Tensor.FromBytes(value.Type, shape, memory[..used].ToArray(), output.Name);
        }
    }
}
