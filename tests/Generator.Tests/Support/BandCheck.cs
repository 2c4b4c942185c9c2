using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text.RegularExpressions;
using AotCompiler.Compiler;
using AotCompiler.Diagnostics;
using AotCompiler.Ir;
using AotCompiler.Kernels;
using AotCompiler.Onnx;
using AotCompiler.Operators;
using AotCompiler.Tests.Onnx;
using Shouldly;

namespace AotCompiler.Tests.Support;

/// <summary>Compiles models for as little memory as can be, and compares their results bit by bit with those of the plainest build.</summary>
internal static partial class BandCheck
{
    /// <summary>Runs a model within the smallest budget and one between that and none, with a watch over the arena.</summary>
    /// <param name="model">The model.</param>
    /// <param name="seed">Seed of the inputs; chooses the vector width too.</param>
    /// <returns>The plan within the smallest budget.</returns>
    public static CompilationResult Run(ModelBuilder model, int seed = 1)
    {
        string isa = OperatorCheck.Isas[seed % OperatorCheck.Isas.Length];
        byte[] bytes = model.ToBytes();
        Graph graph = OperatorCheck.Import(bytes);
        var random = new Random(seed);
        Tensor[] inputs = graph.Inputs.Select(v => OperatorCheck.RandomTensor(v, random)).ToArray();
        IReadOnlyList<Tensor> expected = GraphInterpreter.Run(graph, inputs);
        CompilerOptions plain = new() { Winograd = false };
        long whole = Compile(bytes, plain).Plan!.Arena.ArenaBytes;
        int least = LeastBudget(bytes, plain);
        CompilerOptions banded = plain with { MemoryBudget = least, CheckedArena = true };
        CompilerOptions between = plain with { MemoryBudget = (int)((least + (whole / 1024)) / 2), ShareEverything = true };
        IReadOnlyList<CompiledModel> compiled = CompiledModel.CompileAll(bytes, [(isa, plain), (isa, banded), (isa, between)]);
        IReadOnlyList<Tensor> reference = compiled[0].Run(inputs);
        for (int i = 0; i < expected.Count; i++)
        {
            OperatorCheck.AssertClose(reference[i], expected[i], 1e-4, 1e-3, isa);
        }

        compiled[1].Run(inputs).ShouldEqualBits(reference, $"{isa}, {least} KiB");
        compiled[2].Run(inputs).ShouldEqualBits(reference, $"{isa}, {between.MemoryBudget} KiB");
        if (compiled[2].Result.Plan!.Phases.Count > 0)
        {
            compiled[2].RunThreaded(2, runs: 2, inputs).ShouldEqualBits(reference, $"{isa}, two threads");
        }

        return Compile(bytes, plain with { MemoryBudget = least });
    }

    /// <summary>The chains that run in bands.</summary>
    public static BandStep[] Chains(CompilationResult result) => result.Plan!.Schedule.Steps.OfType<BandStep>().ToArray();

    /// <summary>The smallest budget in KiB that a model can be compiled for, as the diagnostic tells it.</summary>
    public static int LeastBudget(byte[] model, CompilerOptions options)
    {
        CompilationResult result = ModelCompiler.Compile(ModelFile.FromBytes(model), NoExternalData.Instance, options with { MemoryBudget = 0 });
        if (result.Success)
        {
            return 0;
        }

        ModelDiagnostic error = result.Diagnostics.Single(static d => d.Severity == DiagnosticSeverity.Error);
        error.Code.ShouldBe(DiagnosticCodes.BudgetExceeded, error.Message);
        return int.Parse(Advice().Match(error.Message).Groups[1].Value, CultureInfo.InvariantCulture);
    }

    /// <summary>Compiles a model that must be accepted.</summary>
    public static CompilationResult Compile(byte[] model, CompilerOptions options)
    {
        CompilationResult result = ModelCompiler.Compile(ModelFile.FromBytes(model), NoExternalData.Instance, options);
        result.Success.ShouldBeTrue(string.Join('\n', result.Diagnostics));
        return result;
    }

    [GeneratedRegex("Set MemoryBudget to ([0-9]+) or more")]
    private static partial Regex Advice();
}
