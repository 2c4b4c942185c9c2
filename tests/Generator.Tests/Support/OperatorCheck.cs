using System;
using System.Collections.Generic;
using System.Linq;
using System.Runtime.InteropServices;
using System.Threading;
using AotCompiler.Compiler;
using AotCompiler.Diagnostics;
using AotCompiler.Import;
using AotCompiler.Ir;
using AotCompiler.Onnx;
using AotCompiler.Operators;
using AotCompiler.Tests.Onnx;
using Shouldly;

namespace AotCompiler.Tests.Support;

/// <summary>Compares generated code, in every vector width, with the operators' plain evaluation of the imported graph.</summary>
internal static class OperatorCheck
{
    /// <summary>
    /// Vector widths that are compiled and run, narrow ones included: emulation makes every width run on every machine. With AOTC_TEST_SCALAR
    /// also the code for processors without vectors.
    /// </summary>
    public static readonly string[] Isas = Environment.GetEnvironmentVariable("AOTC_TEST_SCALAR") is null
        ? ["x86-64-v4", "x86-64-v3", "baseline"]
        : ["x86-64-v4", "x86-64-v3", "baseline", ScalarIsa];

    /// <summary>The processor without vectors.</summary>
    public const string ScalarIsa = "armv7";

    /// <summary>The width whose code shares all steps that threads can share; results must have the same bits on any number of them.</summary>
    public const string SharedIsa = "x86-64-v3";

    /// <summary>The width whose code is compact in every step.</summary>
    public const string CompactIsa = "baseline";

    /// <summary>What random strings are drawn from.</summary>
    public static readonly string[] Words = ["", "a", "b", "ab", "Zoë", "the end"];

    /// <summary>Imports a model without optimising it.</summary>
    public static Graph Import(byte[] model, CompilerOptions? options = null) => GraphImporter.Import(
        FunctionInliner.Inline(OnnxReader.Read(model, NoExternalData.Instance, ReaderLimits.Default)),
        (options ?? new CompilerOptions()) with { AcceptsInternalOperators = true },
        [],
        CancellationToken.None);

    /// <summary>Runs a model on seeded random inputs, compiled and interpreted, and compares all outputs.</summary>
    /// <param name="model">The model.</param>
    /// <param name="seed">Seed of the inputs.</param>
    /// <param name="relative">Relative tolerance for floats; integers and bools must be equal.</param>
    /// <param name="absolute">Absolute tolerance for floats.</param>
    /// <param name="low">Smallest random input.</param>
    /// <param name="high">Largest random input.</param>
    public static void Run(ModelBuilder model, int seed = 1, double relative = 1e-5, double absolute = 1e-6, float low = -2, float high = 2)
    {
        byte[] bytes = model.ToBytes();
        Graph graph = Import(bytes);
        var random = new Random(seed);
        RunOn(bytes, graph.Inputs.Select(v => RandomTensor(v, random, low, high)).ToArray(), relative, absolute);
    }

    /// <summary>
    /// Runs a model on given inputs, compiled and interpreted, and compares all outputs. Where sizes are found in the data, memory that belongs to
    /// no live element reads as NaN and must not be written.
    /// </summary>
    public static void RunOn(byte[] bytes, Tensor[] inputs, double relative = 1e-5, double absolute = 1e-6)
    {
        Graph graph = Import(bytes);
        RunOn(bytes, graph, inputs, GraphInterpreter.Run(graph, inputs), relative, absolute);
    }

    /// <summary>Runs a compiled model on given inputs and compares all outputs with those of the interpreter.</summary>
    public static void RunOn(byte[] bytes, Graph graph, Tensor[] inputs, IReadOnlyList<Tensor> expected, double relative, double absolute)
    {
        IReadOnlyList<CompiledModel> compiled = CompiledModel.CompileAll(bytes, Isas.Select(isa => (isa, Options(isa) with { CheckedArena = graph.Sizes.Count > 0 })).ToArray());
        for (int width = 0; width < Isas.Length; width++)
        {
            IReadOnlyList<Tensor> actual = graph.Sizes.Count > 0 ? compiled[width].RunAt([], inputs) : compiled[width].Run(inputs);
            for (int i = 0; i < expected.Count; i++)
            {
                AssertClose(actual[i], expected[i], relative, absolute, $"{Isas[width]}, output {graph.Outputs[i].Name}");
            }

            if (Isas[width] == SharedIsa && compiled[width].Result.Plan!.Phases.Count > 0)
            {
                compiled[width].RunThreaded(3, runs: 2, inputs).ShouldEqualBits(actual, "3 threads");
                compiled[width].RunThreaded(2, runs: 1, inputs).ShouldEqualBits(actual, "2 threads");
            }
        }
    }

    private static CompilerOptions Options(string isa) => new()
    {
        ShareEverything = isa == SharedIsa,
        Optimize = isa == CompactIsa ? OptimizationGoal.Size : OptimizationGoal.Speed,
    };

    /// <summary>The only output of a model without inputs, interpreted.</summary>
    public static Tensor Interpret(ModelBuilder model) => GraphInterpreter.Run(Import(model.ToBytes()), [])[0];

    /// <summary>Compiles a model that must be refused, and returns the diagnostic.</summary>
    public static ModelDiagnostic Fails(ModelBuilder model, CompilerOptions? options = null)
    {
        CompilationResult result = ModelCompiler.Compile(ModelFile.FromBytes(model.ToBytes()), NoExternalData.Instance, (options ?? new CompilerOptions()) with { AcceptsInternalOperators = true });
        result.Success.ShouldBeFalse();
        return result.Diagnostics.Single(static d => d.Severity == DiagnosticSeverity.Error);
    }

    /// <summary>Seeded random data for a value.</summary>
    public static Tensor RandomTensor(Value value, Random random, float low = -2, float high = 2)
    {
        int count = (int)value.Shape.ElementCount;
        if (value.Type == ElementType.String)
        {
            return Tensor.OfStrings(value.Shape, Enumerable.Range(0, count).Select(_ => Words[random.Next(Words.Length)]).ToArray(), value.Name);
        }

        var bytes = new byte[count * value.Type.Size()];
        for (int i = 0; i < count; i++)
        {
            double real = low + (random.NextDouble() * (high - low));
            ElementEvaluation.Write(bytes, value.Type, i, value.Type == ElementType.Bool ? random.Next(2) : value.Type.IsInteger() ? Math.Floor(real) : real);
        }

        return Tensor.FromBytes(value.Type, value.Shape, bytes, value.Name);
    }

    /// <summary>Fails unless the tensors are equal bit by bit.</summary>
    public static void ShouldEqualBits(this IReadOnlyList<Tensor> actual, IReadOnlyList<Tensor> expected, string what)
    {
        for (int i = 0; i < expected.Count; i++)
        {
            actual[i].Bytes.SequenceEqual(expected[i].Bytes).ShouldBeTrue($"{what}: output {i} differs");
        }
    }

    /// <summary>Fails unless the tensors agree within the tolerances; NaN equals NaN. Integers must be equal, unless the absolute tolerance is one step or more.</summary>
    public static void AssertClose(Tensor actual, Tensor expected, double relative, double absolute, string what)
    {
        actual.Type.ShouldBe(expected.Type, what);
        actual.Shape.ShouldBe(expected.Shape, what);
        for (int i = 0; i < expected.Shape.ElementCount; i++)
        {
            double a = ElementEvaluation.Read(actual, i);
            double e = ElementEvaluation.Read(expected, i);
            bool close = a.Equals(e) || ((expected.Type.IsFloat() || absolute >= 1) && Math.Abs(a - e) <= absolute + (relative * Math.Abs(e)));
            if (!close)
            {
                throw new ShouldAssertException($"{what}: element {i} of {expected.Shape} is {a:R}, expected {e:R}");
            }
        }
    }
}
