using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Threading;
using AotCompiler.Cli.Numerics;
using AotCompiler.Cli.Peer;
using AotCompiler.Compiler;
using AotCompiler.Import;
using AotCompiler.Ir;
using AotCompiler.Onnx;
using AotCompiler.Operators;
using AotCompiler.Tests.Onnx;
using Shouldly;

namespace AotCompiler.Cli.Tests.Peer;

/// <summary>Compares what operators of com.microsoft evaluate to with ONNX Runtime, over their attributes and forms.</summary>
public sealed partial class OperatorPeerTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory().FullName;
    private readonly List<string> _differences = [];

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    /// <summary>Runs each case and fails with all that differ.</summary>
    private void Compare(IEnumerable<PeerCase> cases)
    {
        using var library = OnnxRuntimeLibrary.Load(OnnxRuntimeFactAttribute.LibraryPath!);
        foreach (PeerCase one in cases)
        {
            try
            {
                Compare(library, one);
            }
            catch (Exception failure) when (failure is OnnxRuntimeException or AotCompiler.Diagnostics.ModelException or InvalidOperationException)
            {
                _differences.Add($"{one.Name}: {failure.Message}");
            }
        }

        _differences.ShouldBeEmpty(string.Join(Environment.NewLine, _differences));
    }

    private void Compare(OnnxRuntimeLibrary library, PeerCase one)
    {
        byte[] bytes = one.Model.Import("com.microsoft", 1).ToBytes();
        string path = Path.Combine(_folder, "model.onnx");
        File.WriteAllBytes(path, bytes);
        Graph graph = GraphImporter.Import(
            FunctionInliner.Inline(OnnxReader.Read(bytes, NoExternalData.Instance, ReaderLimits.Default)), new CompilerOptions(), [], CancellationToken.None);
        var random = new Random(1);
        Tensor[] inputs = graph.Inputs.Select(v => one.Given.TryGetValue(v.Name, out double[]? given) ? Filled(v, i => given[i]) : Random(v, random, one)).ToArray();
        using var session = library.OpenSession(path, new OnnxRuntimeOptions(OnnxRuntimeOptimization.None));
        TensorData[] expected = session.Run(graph.Inputs.Zip(inputs).ToDictionary(static p => p.First.Name, static p => Data(p.Second))).Select(static o => o.Data).ToArray();
        IReadOnlyList<Tensor> actual = GraphInterpreter.Run(graph, inputs);
        for (int i = 0; i < expected.Length; i++)
        {
            var difference = TensorComparison.Compare(expected[i], Data(actual[i]), one.Absolute, one.Relative);
            if (!difference.Passed)
            {
                _differences.Add($"{one.Name}, output {i}: {difference.Incomparable ?? $"{difference.MismatchCount} elements differ, by {difference.MaxAbs:g3} at most"}");
            }
        }
    }

    private static Tensor Random(Value value, Random random, PeerCase one) => Filled(value, _ =>
    {
        double real = one.Low + (random.NextDouble() * (one.High - one.Low));
        return value.Type == ElementType.Bool ? random.Next(2) : value.Type.IsInteger() ? Math.Floor(real) : real;
    });

    private static Tensor Filled(Value value, Func<int, double> element)
    {
        var bytes = new byte[value.Shape.ElementCount * value.Type.Size()];
        for (int i = 0; i < value.Shape.ElementCount; i++)
        {
            ElementEvaluation.Write(bytes, value.Type, i, element(i));
        }

        return Tensor.FromBytes(value.Type, value.Shape, bytes, value.Name);
    }

    private static TensorData Data(Tensor tensor) =>
        new((OnnxDataType)(int)tensor.Type, tensor.Shape.Dimensions.Select(static d => (long)d).ToArray(), tensor.Bytes.ToArray());

    /// <summary>A model whose inputs are random, but for some.</summary>
    private sealed record PeerCase(string Name, ModelBuilder Model)
    {
        public Dictionary<string, double[]> Given { get; init; } = [];

        public double Low { get; init; } = -1;

        public double High { get; init; } = 1;

        public double Absolute { get; init; } = 1e-5;

        public double Relative { get; init; } = 1e-4;

        /// <summary>With an input of given numbers.</summary>
        public PeerCase With(string input, params double[] numbers) => this with { Given = new(Given) { [input] = numbers } };
    }
}
