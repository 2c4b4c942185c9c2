using System;
using System.Collections.Generic;
using System.Linq;
using System.Runtime.InteropServices;
using System.Threading;
using AotCompiler.Compiler;
using AotCompiler.InProcess;
using AotCompiler.Ir;
using AotCompiler.Onnx;

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
    public static CompiledModel Compile(byte[] model, string isa = "auto", CompilerOptions? options = null)
    {
        int id = Interlocked.Increment(ref _count);
        options = (options ?? new CompilerOptions()) with
        {
            ModelName = $"M{id}",
            Isa = TargetIsa.TryParse(isa)!,
            InlineWeightLimit = int.MaxValue,
        };
        CompilationResult result = ModelCompiler.Compile(ModelFile.FromBytes(model), NoExternalData.Instance, options);
        if (!result.Success)
        {
            throw new InvalidOperationException(string.Join("\n", result.Diagnostics));
        }

        return new CompiledModel(result, LoadedModel.Load(Signature(result), result.Sources.Select(static s => (s.HintName, s.Text))));
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
                inputs[i].Bytes.CopyTo(_loaded.Input(i));
            }

            _loaded.RunIn(arenaSpan);
            return Graph.Outputs.Select((o, i) => Tensor.FromBytes(o.Value.Type, o.Value.Shape, _loaded.Output(i).ToArray(), o.Name)).ToArray();
        }
        finally
        {
            NativeMemory.AlignedFree(arena);
        }
    }

    private static ModelSignature Signature(CompilationResult result)
    {
        Graph graph = result.Plan!.Schedule.Graph;
        return new ModelSignature(
            result.Code!.FullClassName,
            graph.Inputs.Select(static v => Slot(v.Name, v)).ToArray(),
            graph.Outputs.Select(static o => Slot(o.Name, o.Value)).ToArray(),
            result.Plan.Arena.ArenaBytes);
    }

    private static ModelSlot Slot(string name, Value value) => new(name, value.Type.CSharpName(), value.Type.Size(), value.Shape.ElementCount);
}
