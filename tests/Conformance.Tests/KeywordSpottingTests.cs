using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Runtime.InteropServices;
using System.Threading;
using AotCompiler.Cli.Compilation;
using AotCompiler.Cli.Numerics;
using AotCompiler.Compiler;
using AotCompiler.Onnx;
using Shouldly;
using Xunit.Abstractions;

namespace AotCompiler.Conformance.Tests;

/// <summary>Keyword spotting on 1,000 labelled inputs: as many are right as with ONNX Runtime 1.30.</summary>
public sealed class KeywordSpottingTests
{
    // The real value of a code of the input files.
    private const float InputScale = 0.5847029f;
    private const int InputZeroPoint = 83;

    private readonly ITestOutputHelper _output;

    public KeywordSpottingTests(ITestOutputHelper output)
    {
        _output = output;
    }

    [Theory]
    [Trait("Category", "Long")]
    [InlineData("kws_dscnn_int8_tfl", 902)]
    [InlineData("kws_dscnn_int8", 902)]
    [InlineData("kws_dscnn_fp32_tfl", 901)]
    public void AsManyAreRightAsWithOnnxRuntime(string model, int expected)
    {
        string? shared = NodeSuite.Root is null ? null : Path.GetFullPath(Path.Combine(NodeSuite.Root, "..", ".."));
        string path = Path.Combine(shared ?? string.Empty, "models", "mlperf-tiny", model, "model.onnx");
        string data = Path.Combine(shared ?? string.Empty, "data", "kws01");
        if (shared is null || !File.Exists(path) || !Directory.Exists(data))
        {
            _output.WriteLine("skipped: models and data are neither in ../shared nor where AOTC_SHARED points");
            return;
        }

        using ModelSession session = Open(path);
        AotCompiler.Ir.Value input = session.Plan.Schedule.Graph.Inputs[0];
        long[] shape = input.Shape.Dimensions.Select(static d => (long)d).ToArray();
        string[] files = Directory.EnumerateFiles(data, "*.bin").Order(StringComparer.Ordinal).ToArray();
        files.Length.ShouldBe(1000);
        int right = 0;
        foreach (string file in files)
        {
            float[] values = File.ReadAllBytes(file).Select(static code => ((sbyte)code - InputZeroPoint) * InputScale).ToArray();
            session.SetInputs(new Dictionary<string, TensorData> { [input.Name] = new(OnnxDataType.Float, shape, MemoryMarshal.AsBytes(values.AsSpan()).ToArray()) });
            session.Run();
            float[] scores = MemoryMarshal.Cast<byte, float>(session.GetOutputs()[0].Data.Data).ToArray();
            right += Array.IndexOf(scores, scores.Max()) == Label(file) ? 1 : 0;
        }

        right.ShouldBe(expected);
    }

    private static int Label(string file) => int.Parse(Path.GetFileNameWithoutExtension(file).Split('_')[^1], System.Globalization.CultureInfo.InvariantCulture);

    private static ModelSession Open(string path)
    {
        ModelSource source = ModelSource.Read(path);
        CompilationResult result = ModelCompiler.Compile(() => source.Onnx, source.File.Sha256, new CompilerOptions(), CancellationToken.None);
        result.Success.ShouldBeTrue();
        return ModelSession.LoadAll([result], CancellationToken.None)[0];
    }
}
