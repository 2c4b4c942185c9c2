using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Runtime.InteropServices;
using System.Threading;
using AotCompiler.Cli.CommandLine;
using AotCompiler.Compiler;
using AotCompiler.Emission;
using Shouldly;

namespace AotCompiler.Freestanding.Tests.Support;

/// <summary>A model as a shared library in this process, called as C programs call it.</summary>
internal sealed unsafe class SharedModel : IDisposable
{
    private const nuint Alignment = 64;

    private readonly NativeInterface _native;

    private SharedModel(string folder, NativeInterface native)
    {
        Folder = folder;
        _native = native;
    }

    /// <summary>What <c>aotc build</c> wrote.</summary>
    public string Folder { get; }

    /// <summary>Path of the library.</summary>
    public string File => Path.Combine(Folder, "lib", $"lib{_native.Name}.so");

    /// <summary>Builds a library by the command line, with more options.</summary>
    public static SharedModel Build(string name, params string[] more)
    {
        string library = name.Split('/')[^1].Replace('-', '_');
        string folder = Directory.CreateTempSubdirectory("aotc-test-").FullName;
        var output = new StringWriter();
        Application.Run(["build", TestModels.Path(name), "-o", folder, "--kind", "shared", "--name", library, .. more], new Terminal(output, output)).ShouldBe(0, output.ToString());
        CompilationResult result = TestModels.Read(name).Compile(TestModels.Options(name) with { Native = new NativeOptions(library) }, FreestandingModel.Quiet, CancellationToken.None);
        return new SharedModel(folder, result.Code!.Native!);
    }

    /// <summary>Runs the model once.</summary>
    /// <param name="inputs">The bytes of the inputs, one after the other.</param>
    /// <returns>Those of the outputs.</returns>
    public byte[] Run(byte[] inputs)
    {
        // Libraries with the .NET runtime inside cannot be unloaded.
        nint library = NativeLibrary.Load(File);
        var info = (delegate* unmanaged<byte*>)NativeLibrary.GetExport(library, _native.Name + "_info");
        ((nint)info()).ShouldNotBe(0);
        using var memory = new Blocks();
        nint[] from = Pointers(_native.Inputs, memory);
        nint[] to = Pointers(_native.Outputs, memory);
        int start = 0;
        foreach ((NativeTensor tensor, nint place) in _native.Inputs.Zip(from))
        {
            inputs.AsSpan(start, (int)tensor.Bytes).CopyTo(new Span<byte>((void*)place, (int)tensor.Bytes));
            start += (int)tensor.Bytes;
        }

        start.ShouldBe(inputs.Length);
        nint arena = memory.Add(ArenaBytes());
        var run = (delegate* unmanaged<nint*, nint*, nint, int>)NativeLibrary.GetExport(library, _native.Name + "_run");
        fixed (nint* source = from, target = to)
        {
            run(source, target, arena).ShouldBe(0);
        }

        return _native.Outputs.Zip(to).SelectMany(static o => new ReadOnlySpan<byte>((void*)o.Second, (int)o.First.Bytes).ToArray()).ToArray();
    }

    public void Dispose() => Directory.Delete(Folder, recursive: true);

    /// <summary>The header's constant: plans of instruction sets differ.</summary>
    private long ArenaBytes()
    {
        string start = $"#define {_native.Macro}_ARENA_SIZE ";
        string line = System.IO.File.ReadLines(Path.Combine(Folder, "include", _native.Name + ".h")).Single(l => l.StartsWith(start, StringComparison.Ordinal));
        return long.Parse(string.Concat(line[start.Length..].TrimStart().TakeWhile(char.IsAsciiDigit)), System.Globalization.CultureInfo.InvariantCulture);
    }

    private static nint[] Pointers(IReadOnlyList<NativeTensor> tensors, Blocks memory) => tensors.Select(t => memory.Add(t.Bytes)).ToArray();

    /// <summary>Memory outside of the garbage collector's.</summary>
    private sealed class Blocks : IDisposable
    {
        private readonly List<nint> _all = [];

        public nint Add(long bytes)
        {
            void* block = NativeMemory.AlignedAlloc((nuint)bytes + Alignment, Alignment);
            _all.Add((nint)block);
            return (nint)block;
        }

        public void Dispose() => _all.ForEach(static b => NativeMemory.AlignedFree((void*)b));
    }
}

/// <summary>A test with models outside the repository that is skipped, saying so, where they or a C compiler are missing.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class SharedModelTheoryAttribute : TheoryAttribute
{
    public SharedModelTheoryAttribute() => Skip = ToolFactAttribute.Missing(["cc"])
        ?? (File.Exists(TestModels.Path("mlperf-tiny/kws_dscnn_fp32_tfl")) ? null : "The folder of shared models is not there: set AOTC_SHARED.");
}
