using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Linq;
using System.Reflection;
using System.Runtime.InteropServices;
using System.Threading;

namespace AotCompiler.InProcess;

/// <summary>A generated class, compiled and loaded into this process, with memory for its inputs and outputs.</summary>
/// <remarks>Runs through the generated public API. Not thread-safe.</remarks>
public sealed unsafe class LoadedModel : IDisposable
{
    private const int Alignment = 64;

    private static int _count;

    private readonly Type _adapter;
    private readonly ModelSignature _signature;
    private readonly ModelEntry _entry;
    private readonly TensorMemory[] _inputs;
    private readonly TensorMemory[] _outputs;
    private readonly nint[] _inputPointers;
    private readonly nint[] _outputPointers;

    private LoadedModel(Type adapter, ModelSignature signature, int threads)
    {
        _adapter = adapter;
        _signature = signature;
        _entry = (ModelEntry)Activator.CreateInstance(adapter, threads)!;
        _entry.InputStrings = signature.Inputs.Select(Strings).ToArray();
        _entry.OutputStrings = signature.Outputs.Select(Strings).ToArray();
        _entry.Dimensions = new int[signature.DimensionCount];
        _entry.InputLengths = signature.Inputs.Select(static slot => checked((int)slot.Length)).ToArray();
        _inputs = signature.Inputs.Select(static slot => new TensorMemory(slot)).ToArray();
        _outputs = signature.Outputs.Select(static slot => new TensorMemory(slot)).ToArray();
        _inputPointers = Pointers(_inputs);
        _outputPointers = Pointers(_outputs);
    }

    /// <summary>Compiles the generated files and makes an instance of the model.</summary>
    /// <param name="signature">The generated class.</param>
    /// <param name="sources">File names and texts.</param>
    /// <param name="references">Further assemblies by path, such as packed weights.</param>
    /// <param name="threads">Threads that each run of an instance uses.</param>
    /// <exception cref="InvalidOperationException">The code does not compile, or the weights belong to other code.</exception>
    public static LoadedModel Load(ModelSignature signature, IEnumerable<(string Name, string Text)> sources, IReadOnlyList<string>? references = null, int threads = 1) =>
        LoadAll([signature], sources, references, threads)[0];

    /// <summary>Compiles several models into one assembly, which takes much less time than one for each.</summary>
    /// <param name="signatures">The generated classes.</param>
    /// <param name="sources">File names and texts of all of them.</param>
    /// <param name="references">Further assemblies by path, such as packed weights.</param>
    /// <param name="threads">Threads that each run of an instance uses.</param>
    /// <exception cref="InvalidOperationException">The code does not compile, or the weights belong to other code.</exception>
    public static IReadOnlyList<LoadedModel> LoadAll(
        IReadOnlyList<ModelSignature> signatures,
        IEnumerable<(string Name, string Text)> sources,
        IReadOnlyList<string>? references = null,
        int threads = 1)
    {
        IEnumerable<(string, string)> adapters = signatures.Select(static (s, i) => ($"{ModelAdapter.ClassName(i)}.cs", ModelAdapter.Write(s, i)));
        Assembly assembly = InProcessCompiler.Compile($"AotCompiler.Model{Interlocked.Increment(ref _count)}", sources.Concat(adapters), references);
        try
        {
            return signatures.Select((s, i) => new LoadedModel(assembly.GetType(ModelAdapter.ClassName(i))!, s, threads)).ToArray();
        }
        catch (TargetInvocationException e) when (e.InnerException is TypeInitializationException { InnerException: InvalidOperationException cause })
        {
            throw new InvalidOperationException(cause.Message, e);
        }
    }

    /// <summary>Another instance of the same class, with memory of its own.</summary>
    /// <param name="threads">Threads that each of its runs uses.</param>
    public LoadedModel NewInstance(int threads) => new(_adapter, _signature, threads);

    /// <summary>Another instance with memory of its own that holds the same inputs.</summary>
    /// <param name="threads">Threads that each of its runs uses.</param>
    public LoadedModel Copy(int threads)
    {
        LoadedModel copy = NewInstance(threads);
        copy._entry.Dimensions = _entry.Dimensions;
        copy._entry.InputLengths = _entry.InputLengths;
        for (int i = 0; i < _inputs.Length; i++)
        {
            Input(i).CopyTo(copy.Input(i));
            InputStrings(i).CopyTo(copy.InputStrings(i), 0);
        }

        return copy;
    }

    /// <summary>Memory of an input, row-major little-endian.</summary>
    public Span<byte> Input(int index) => _inputs[index].Bytes;

    /// <summary>Memory of an output, row-major little-endian; what the last run wrote.</summary>
    public Span<byte> Output(int index) => _outputs[index].Bytes;

    /// <summary>The strings of an input, row-major; empty if it is not of strings.</summary>
    public string[] InputStrings(int index) => _entry.InputStrings[index];

    /// <summary>The strings of an output, row-major; what the last run wrote. Empty if it is not of strings.</summary>
    public string[] OutputStrings(int index) => _entry.OutputStrings[index];

    /// <summary>Chooses the sizes of the next runs.</summary>
    /// <param name="dimensions">Values of the dimensions that each run chooses.</param>
    /// <param name="inputLengths">Elements of each input at these sizes; they lie at the start of the input's memory.</param>
    public void SetSizes(IReadOnlyList<int> dimensions, IReadOnlyList<int> inputLengths)
    {
        _entry.Dimensions = dimensions.ToArray();
        _entry.InputLengths = inputLengths.ToArray();
    }

    /// <summary>The shape that an output had in the last run, if each run has its own.</summary>
    /// <param name="output">Number of the output.</param>
    /// <param name="rank">Number of its dimensions.</param>
    public int[] OutputDimensions(int output, int rank)
    {
        var dimensions = new int[rank];
        _entry.CopyDimensions(output, dimensions);
        return dimensions;
    }

    /// <summary>Runs the model once. Allocates nothing of its own.</summary>
    /// <exception cref="ArgumentOutOfRangeException">An index in the inputs is out of range.</exception>
    public void Run()
    {
        fixed (nint* inputs = _inputPointers, outputs = _outputPointers)
        {
            _entry.Run((byte**)inputs, (byte**)outputs);
        }

        GC.KeepAlive(this);
    }

    /// <summary>Runs the model once in the caller's working memory.</summary>
    /// <param name="arena">As many bytes as the signature says, 64-byte aligned and not moved by the collector.</param>
    public void RunIn(Span<byte> arena)
    {
        fixed (nint* inputs = _inputPointers, outputs = _outputPointers)
        fixed (byte* pointer = arena)
        {
            _entry.RunIn((byte**)inputs, (byte**)outputs, pointer);
        }

        GC.KeepAlive(this);
    }

    /// <summary>Runs the model once and notes when each step ended.</summary>
    /// <param name="timestamps">Receives <see cref="Stopwatch"/> timestamps: before the first step and after each.</param>
    /// <exception cref="NotSupportedException">The class was not generated to be profiled.</exception>
    public void RunProfiled(Span<long> timestamps)
    {
        fixed (nint* inputs = _inputPointers, outputs = _outputPointers)
        fixed (long* pointer = timestamps)
        {
            _entry.RunProfiled((byte**)inputs, (byte**)outputs, pointer);
        }

        GC.KeepAlive(this);
    }

    /// <summary>Clears what the model keeps from run to run. <see cref="Run"/> and <see cref="RunIn"/> have states of their own.</summary>
    public void Reset() => _entry.Reset();

    /// <summary>Runs the model once and returns the time in milliseconds.</summary>
    public double RunTimed()
    {
        long start = Stopwatch.GetTimestamp();
        Run();
        return Clock.MillisecondsSince(start);
    }

    /// <summary>Bytes that this thread allocates on the managed heap per run, rounded up.</summary>
    public long MeasureAllocation(int runs)
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < runs; i++)
        {
            Run();
        }

        return (GC.GetAllocatedBytesForCurrentThread() - before + runs - 1) / runs;
    }

    /// <summary>Frees the instance's working memory; the code stays loaded.</summary>
    public void Dispose() => _entry.Dispose();

    private static string[] Strings(ModelSlot slot)
    {
        var strings = new string[slot.IsString ? slot.Length : 0];
        Array.Fill(strings, string.Empty);
        return strings;
    }

    /// <summary>An array of pointers; of at least one, so that pinning it gives an address.</summary>
    private static nint[] Pointers(TensorMemory[] tensors)
    {
        var pointers = new nint[Math.Max(1, tensors.Length)];
        for (int i = 0; i < tensors.Length; i++)
        {
            pointers[i] = tensors[i].Address;
        }

        return pointers;
    }

    /// <summary>Memory of one tensor: aligned, and at the same place for its whole life.</summary>
    private sealed class TensorMemory
    {
        private readonly byte[] _block;
        private readonly int _start;
        private readonly int _length;

        public TensorMemory(ModelSlot slot)
        {
            _length = checked((int)slot.Bytes);
            _block = GC.AllocateArray<byte>(checked(_length + Alignment), pinned: true);
            nint address = Marshal.UnsafeAddrOfPinnedArrayElement(_block, 0);
            Address = (address + Alignment - 1) & -Alignment;
            _start = (int)(Address - address);
        }

        public nint Address { get; }

        public Span<byte> Bytes => _block.AsSpan(_start, _length);
    }
}
