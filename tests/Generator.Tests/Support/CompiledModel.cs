using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Reflection;
using System.Runtime.InteropServices;
using System.Text;
using System.Threading;
using AotCompiler.Compiler;
using AotCompiler.Emission;
using AotCompiler.InProcess;
using AotCompiler.Ir;
using AotCompiler.Onnx;

namespace AotCompiler.Tests.Support;

/// <summary>A model compiled by the real stages and loaded into the test's process; runs through the generated public API.</summary>
internal sealed unsafe class CompiledModel
{
    private static int _count;

    private readonly delegate*<byte**, byte**, byte*, void> _run;

    private CompiledModel(CompilationResult result, Assembly assembly)
    {
        Result = result;
        MethodInfo method = assembly.GetType("AotcTestEntry")!.GetMethod("Run")!;
        _run = (delegate*<byte**, byte**, byte*, void>)method.MethodHandle.GetFunctionPointer();
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

        IEnumerable<(string, string)> sources = result.Sources.Select(static s => (s.HintName, s.Text)).Append(("Entry.cs", Entry(result)));
        return new CompiledModel(result, InProcessCompiler.Compile($"AotcTest{id}", sources));
    }

    /// <summary>Runs the model on constants, in the order of the graph's inputs.</summary>
    public IReadOnlyList<Tensor> Run(params Tensor[] inputs)
    {
        byte*[] inputPointers = new byte*[inputs.Length];
        byte*[] outputPointers = new byte*[Graph.Outputs.Count];
        byte* arena = (byte*)NativeMemory.AlignedAlloc((nuint)Math.Max(64, Result.Plan!.Arena.ArenaBytes), 64);
        new Span<byte>(arena, (int)Result.Plan.Arena.ArenaBytes).Fill(0xFF);
        try
        {
            for (int i = 0; i < inputs.Length; i++)
            {
                inputPointers[i] = (byte*)NativeMemory.Alloc((nuint)Math.Max(1, inputs[i].ByteCount));
                inputs[i].Bytes.CopyTo(new Span<byte>(inputPointers[i], (int)inputs[i].ByteCount));
            }

            for (int i = 0; i < outputPointers.Length; i++)
            {
                Value output = Graph.Outputs[i].Value;
                outputPointers[i] = (byte*)NativeMemory.Alloc((nuint)Math.Max(1, output.Shape.ElementCount * output.Type.Size()));
            }

            fixed (byte** i = inputPointers)
            fixed (byte** o = outputPointers)
            {
                _run(i, o, arena);
            }

            var results = new List<Tensor>();
            for (int i = 0; i < outputPointers.Length; i++)
            {
                Value output = Graph.Outputs[i].Value;
                var bytes = new Span<byte>(outputPointers[i], (int)(output.Shape.ElementCount * output.Type.Size()));
                results.Add(Tensor.FromBytes(output.Type, output.Shape, bytes.ToArray(), Graph.Outputs[i].Name));
            }

            return results;
        }
        finally
        {
            NativeMemory.AlignedFree(arena);
            foreach (byte* pointer in inputPointers)
            {
                NativeMemory.Free(pointer);
            }

            foreach (byte* pointer in outputPointers)
            {
                NativeMemory.Free(pointer);
            }
        }
    }

    /// <summary>A method without spans in its signature, which can be called through a function pointer.</summary>
    private static string Entry(CompilationResult result)
    {
        Graph graph = result.Plan!.Schedule.Graph;
        var arguments = graph.Inputs.Select((v, i) => Span("ReadOnlySpan", v, $"inputs[{i}]"))
            .Concat(graph.Outputs.Select((o, i) => Span("Span", o.Value, $"outputs[{i}]")))
            .Append($"new System.Span<byte>(arena, {result.Plan.Arena.ArenaBytes})");
        return $"public static unsafe class AotcTestEntry {{ public static void Run(byte** inputs, byte** outputs, byte* arena) => {result.Code!.FullClassName}.Run({string.Join(", ", arguments)}); }}";
    }

    private static string Span(string kind, Value value, string pointer) =>
        $"new System.{kind}<{value.Type.CSharpName()}>({pointer}, {value.Shape.ElementCount})";
}
