using System;
using System.Collections.Generic;
using System.IO;
using AotCompiler.Cli.CommandLine;
using AotCompiler.Cli.Compilation;
using AotCompiler.Cli.Peer;
using AotCompiler.Compiler;
using BenchmarkDotNet.Attributes;

namespace AotCompiler.Benchmarks;

/// <summary>
/// One layer, compiled, against ONNX Runtime's kernels for it on the same inputs and one thread. The variable
/// <c>ONNXRUNTIME_LIB</c> names the peer's native library; without it only ours is measured.
/// </summary>
/// <remarks>Each call of either side includes its share of a whole run: checks of arguments here, the session's run there.</remarks>
[MemoryDiagnoser(false)]
public class LayerBenchmarks
{
    /// <summary>Name of the variable that holds the path of ONNX Runtime's native library.</summary>
    public const string LibraryVariable = "ONNXRUNTIME_LIB";

    private string _folder = string.Empty;
    private MeasuredModel? _model;
    private Contest? _contest;

    /// <summary>All layers.</summary>
    public static IEnumerable<LayerModel> Layers => LayerModel.All;

    /// <summary>The layer of this benchmark.</summary>
    [ParamsSource(nameof(Layers))]
    public LayerModel Layer { get; set; } = LayerModel.All[0];

    /// <summary>Compiles the layer for this machine and opens it with the peer.</summary>
    [GlobalSetup]
    public void Setup()
    {
        _folder = Directory.CreateTempSubdirectory("aotc").FullName;
        string path = Path.Combine(_folder, "layer.onnx");
        File.WriteAllBytes(path, Layer.Build());
        _model = MeasuredModel.Open(path, new CompilerOptions { ModelName = "layer" }, data: null, threads: 1, new Terminal(TextWriter.Null, Console.Error), default);
        _contest = Environment.GetEnvironmentVariable(LibraryVariable) is { Length: > 0 } library ? Contest.Open(library, _model, threads: 1) : null;
    }

    /// <summary>Frees both sides.</summary>
    [GlobalCleanup]
    public void Cleanup()
    {
        _contest?.Dispose();
        _model?.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    /// <summary>The peer.</summary>
    [Benchmark(Baseline = true)]
    public void OnnxRuntime() => (_contest ?? throw new InvalidOperationException($"{LibraryVariable} is not set")).RunTimed();

    /// <summary>Ours.</summary>
    [Benchmark]
    public void Compiled() => _model!.Session.Run();
}
