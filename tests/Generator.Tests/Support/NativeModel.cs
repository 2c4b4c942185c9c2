using System;
using System.Collections.Generic;
using System.Linq;
using System.Reflection;
using System.Runtime.InteropServices;
using System.Threading;
using AotCompiler.Compiler;
using AotCompiler.Emission;
using AotCompiler.InProcess;
using AotCompiler.Ir;
using AotCompiler.Onnx;
using Shouldly;

namespace AotCompiler.Tests.Support;

/// <summary>A model's C functions, compiled into the test's process and called through the pointers that a C program would get.</summary>
internal sealed unsafe class NativeModel
{
    private const int Alignment = 64;
    private static int _count;

    private readonly delegate* unmanaged<void*, void*, void*, int> _run;
    private readonly delegate* unmanaged<void*, void*, void*, void*, int> _runWithState;
    private readonly delegate* unmanaged<void*, int> _reset;
    private readonly delegate* unmanaged<byte*> _info;
    private readonly delegate* unmanaged<int, byte*> _error;

    public NativeModel(byte[] model, CompilerOptions options)
    {
        CompilationResult result = ModelCompiler.Compile(ModelFile.FromBytes(model), NoExternalData.Instance, options with { Native = options.Native ?? new NativeOptions() });
        result.Success.ShouldBeTrue(string.Join("\n", result.Diagnostics));
        Result = result;
        Assembly assembly = InProcessCompiler.Compile($"AotCompiler.Native{Interlocked.Increment(ref _count)}", result.Sources.Select(static s => (s.HintName, s.Text)), []);
        Type type = assembly.GetType($"{result.Code!.FullClassName}+{NativeExportsEmitter.ClassName}", throwOnError: true)!;
        _run = (delegate* unmanaged<void*, void*, void*, int>)Pointer(type, "ExportRun");
        _runWithState = (delegate* unmanaged<void*, void*, void*, void*, int>)_run;
        _reset = (delegate* unmanaged<void*, int>)Pointer(type, "ExportReset");
        _info = (delegate* unmanaged<byte*>)Pointer(type, "ExportInformation");
        _error = (delegate* unmanaged<int, byte*>)Pointer(type, "ExportError");
        Arena = Allocate(Interface.ArenaBytes);
        State = Allocate(Interface.StateBytes);
        new Span<byte>(State, (int)Interface.StateBytes).Clear();
        Inputs = Structure(Interface.Inputs, Interface.Sizes.Count);
        Outputs = Structure(Interface.Outputs, Interface.Outputs.Where(static o => o.ShapeMember is not null).Sum(static o => o.Boundary.Shape.Rank));
    }

    public CompilationResult Result { get; }

    public NativeInterface Interface => Result.Code!.Native!;

    public byte* Arena { get; }

    public byte* State { get; }

    /// <summary>The structure of inputs: pointers to memory for all tensors, then the dimensions.</summary>
    public nint* Inputs { get; }

    /// <summary>The structure of outputs: pointers, then the shapes that a run decides.</summary>
    public nint* Outputs { get; }

    /// <summary>The numbers behind the inputs' pointers.</summary>
    public Span<int> Dimensions => new(Inputs + Interface.Inputs.Count, Interface.Sizes.Count);

    /// <summary>The numbers behind the outputs' pointers.</summary>
    public Span<int> OutputShapes(int count) => new(Outputs + Interface.Outputs.Count, count);

    /// <summary>Calls the function that runs the model.</summary>
    public int Run() => Interface.StateBytes > 0 ? _runWithState(Inputs, Outputs, Arena, State) : _run(Inputs, Outputs, Arena);

    /// <summary>Calls it with other pointers.</summary>
    public int Run(void* inputs, void* outputs, void* arena) => Interface.StateBytes > 0 ? _runWithState(inputs, outputs, arena, State) : _run(inputs, outputs, arena);

    /// <summary>Calls it with another state.</summary>
    public int RunWithState(void* state) => _runWithState(Inputs, Outputs, Arena, state);

    public int Reset(void* state) => _reset(state);

    public byte* Info() => _info();

    public string Error(int error) => Marshal.PtrToStringUTF8((nint)_error(error))!;

    /// <summary>Runs the model on constants, which must succeed.</summary>
    public IReadOnlyList<Tensor> Run(params Tensor[] inputs)
    {
        for (int i = 0; i < inputs.Length; i++)
        {
            inputs[i].Bytes.CopyTo(new Span<byte>((void*)Inputs[i], (int)Interface.Inputs[i].Bytes));
        }

        Run().ShouldBe(0);
        return Result.Plan!.Schedule.Graph.Outputs.Select((o, i) => Output(o, i)).ToArray();
    }

    private Tensor Output(GraphOutput output, int index) => Tensor.FromBytes(
        output.Value.Type, output.Value.Shape, new ReadOnlySpan<byte>((void*)Outputs[index], (int)Interface.Outputs[index].Bytes).ToArray(), output.Name);

    private static void* Pointer(Type type, string method) =>
        (void*)(type.GetMethod(method, BindingFlags.Static | BindingFlags.NonPublic)?.MethodHandle.GetFunctionPointer() ?? 0);

    private static byte* Allocate(long bytes) => (byte*)NativeMemory.AlignedAlloc((nuint)Math.Max(Alignment, bytes), Alignment);

    private static nint* Structure(IReadOnlyList<NativeTensor> tensors, int numbers)
    {
        var structure = (nint*)NativeMemory.AllocZeroed((nuint)((tensors.Count * sizeof(nint)) + (numbers * sizeof(int)) + 1));
        for (int i = 0; i < tensors.Count; i++)
        {
            structure[i] = (nint)Allocate(tensors[i].Bytes);
        }

        return structure;
    }
}
