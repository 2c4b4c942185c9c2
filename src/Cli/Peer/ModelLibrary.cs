using System;
using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.IO;
using System.Linq;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;
using AotCompiler.Cli.CommandLine;
using AotCompiler.Cli.Compilation;
using AotCompiler.Emission;
using AotCompiler.InProcess;

namespace AotCompiler.Cli.Peer;

/// <summary>A C library that <c>aotc build</c> made of the same model, loaded into this process and run on the same inputs.</summary>
/// <remarks>It stays loaded: the threads of a NativeAOT library's runtime do not end.</remarks>
internal sealed unsafe class ModelLibrary
{
    private readonly delegate* unmanaged<void*, void*, void*, void*, int> _run;
    private readonly nint[] _inputs;
    private readonly nint[] _outputs;
    private readonly Memory _arena;
    private readonly Memory _state;
    private readonly Memory[] _results;

    private ModelLibrary(nint library, string path, LoadedModel model, Head* head, int inputs, int outputs)
    {
        Path = path;
        string name = NameOf(path);
        _run = (delegate* unmanaged<void*, void*, void*, void*, int>)Export(library, path, $"{name}_run");
        byte* tensors = (byte*)head + head->HeadSize;
        _inputs = Enumerable.Range(0, inputs).Select(i => Matching(model.Input(i), SizeOf(tensors, head, i))).ToArray();
        _results = Enumerable.Range(0, outputs).Select(i => new Memory(SizeOf(tensors, head, Math.Max(1, inputs) + i))).ToArray();
        _outputs = Array.ConvertAll(_results, static r => r.Address);
        _arena = new Memory(head->ArenaSize);
        _state = new Memory(head->StateSize);
        Isa = Encoding.UTF8.GetString(MemoryMarshal.CreateReadOnlySpanFromNullTerminated((byte*)head + sizeof(Head) + Head.ShaRoom));
        HasState = head->StateSize > 0;
    }

    /// <summary>The file.</summary>
    public string Path { get; }

    /// <summary>The instruction set it was built for.</summary>
    public string Isa { get; }

    private bool HasState { get; }

    /// <summary>Loads a library and runs it once.</summary>
    /// <param name="path">The file, whose name gives that of the functions.</param>
    /// <param name="model">The same model in this process, which gives the inputs.</param>
    /// <exception cref="CommandException">It cannot be loaded, belongs to another model or to other conventions, or its run fails.</exception>
    public static ModelLibrary Open(string path, MeasuredModel model)
    {
        string file = System.IO.Path.GetFullPath(path);
        if (!NativeLibrary.TryLoad(file, out nint library))
        {
            throw new CommandException($"{path} cannot be loaded as a library. Give what 'aotc build --kind shared' made for this machine.");
        }

        var info = (delegate* unmanaged<Head*>)Export(library, path, $"{NameOf(path)}_info");
        Head* head = info();
        var graph = model.Session.Plan.Schedule.Graph;
        if (head->AbiVersion != NativeInterface.AbiVersion || head->InputCount != graph.Inputs.Count || head->OutputCount != graph.Outputs.Count || graph.Sizes.Count > 0)
        {
            throw new CommandException(
                $"{path} has other inputs or outputs than {model.Source.Name}, or sizes that each run decides. Build it again from this model, with fixed dimensions.");
        }

        var opened = new ModelLibrary(library, path, model.Session.Model, head, graph.Inputs.Count, graph.Outputs.Count);
        opened.Run();
        return opened;
    }

    /// <summary>True if every output has the bits of the model's last run in this process.</summary>
    public bool Agrees(LoadedModel model) =>
        _results.Select((r, i) => new ReadOnlySpan<byte>((void*)r.Address, model.Output(i).Length).SequenceEqual(model.Output(i))).All(static equal => equal);

    /// <summary>Runs once and returns the time in milliseconds.</summary>
    public double RunTimed()
    {
        long start = Stopwatch.GetTimestamp();
        Run();
        return Clock.MillisecondsSince(start);
    }

    private void Run()
    {
        fixed (nint* inputs = _inputs, outputs = _outputs)
        {
            // A model without state does not look at the last argument.
            int error = _run(inputs, outputs, (void*)_arena.Address, HasState ? (void*)_state.Address : null);
            if (error != 0)
            {
                throw new CommandException($"{Path} failed on these inputs with error {error}.");
            }
        }
    }

    private static string NameOf(string path)
    {
        string name = System.IO.Path.GetFileNameWithoutExtension(path);
        return name.StartsWith("lib", StringComparison.Ordinal) ? name[3..] : name;
    }

    private static nint Export(nint library, string path, string name) => NativeLibrary.TryGetExport(library, name, out nint function)
        ? function
        : throw new CommandException($"{path} has no function {name}. The file must have the name that it was built with.");

    private static long SizeOf(byte* tensors, Head* head, int index) => *(long*)(tensors + ((long)index * head->TensorSize) + Head.TensorSizeOffset);

    private static nint Matching(Span<byte> input, long size) => input.Length == size
        ? (nint)Unsafe.AsPointer(ref MemoryMarshal.GetReference(input))
        : throw new CommandException($"An input of the library has {size} bytes, the model's has {input.Length}. Build it again from this model, with the same dimensions.");

    /// <summary>The part of the library's information in front of its texts.</summary>
    [StructLayout(LayoutKind.Sequential)]
    [SuppressMessage("Style", "IDE1006", Justification = "fields of a foreign structure")]
    private struct Head
    {
        /// <summary>Bytes of the hash behind the fields; the instruction set follows it.</summary>
        public const int ShaRoom = 72;

        /// <summary>Bytes in front of a tensor's size.</summary>
        public const int TensorSizeOffset = 16;

        public int AbiVersion;
        public int InfoSize;
        public int HeadSize;
        public int TensorSize;
        public int RankLimit;
        public int NameRoom;
        public int InputCount;
        public int OutputCount;
        public long ArenaSize;
        public long ArenaAlignment;
        public long StateSize;
        public long WeightsSize;
        public long MultiplyAdds;
    }

    /// <summary>Zeroed memory at a multiple of 64 bytes.</summary>
    private sealed class Memory
    {
        private const int Alignment = 64;

        private readonly byte[] _bytes;

        public Memory(long bytes) => _bytes = GC.AllocateArray<byte>(checked((int)bytes + Alignment), pinned: true);

        public nint Address => ((nint)Unsafe.AsPointer(ref _bytes[0]) + Alignment - 1) & -Alignment;
    }
}
