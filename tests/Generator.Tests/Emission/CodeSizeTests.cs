using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using AotCompiler.Compiler;
using AotCompiler.Emission;
using AotCompiler.Ir;
using AotCompiler.Lowering;
using AotCompiler.Onnx;
using AotCompiler.Operators;
using AotCompiler.Tests.Onnx;
using AotCompiler.Tests.Support;
using Shouldly;

namespace AotCompiler.Tests.Emission;

/// <summary>The modes of <c>Optimize</c>: which steps are compact, what their code shares, and that they compute the same.</summary>
public class CodeSizeTests
{
    public static TheoryData<string, string> ModelsAndModes()
    {
        var data = new TheoryData<string, string>();
        foreach (string model in new[] { "attention", "cnn-residual", "matrices", "mlp", "mobile-block" })
        {
            foreach (string mode in Enum.GetNames<OptimizationGoal>())
            {
                data.Add(model, mode);
            }
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(ModelsAndModes))]
    public void Every_mode_computes_the_same(string model, string mode)
    {
        byte[] bytes = File.ReadAllBytes(Path.Combine(Repository.PathOf("models", "small"), model, "model.onnx"));
        var options = new CompilerOptions { Optimize = Enum.Parse<OptimizationGoal>(mode), CheckedArena = true };
        Graph graph = OperatorCheck.Import(bytes, options);
        var random = new Random(7);
        Tensor[] inputs = graph.Inputs.Select(v => OperatorCheck.RandomTensor(v, random, -1, 1)).ToArray();
        IReadOnlyList<Tensor> expected = GraphInterpreter.Run(graph, inputs);
        foreach (CompiledModel compiled in CompiledModel.CompileAll(bytes, ["x86-64-v4", "x86-64-v3", "baseline"], options))
        {
            IReadOnlyList<Tensor> actual = compiled.Run(inputs);
            for (int i = 0; i < expected.Count; i++)
            {
                OperatorCheck.AssertClose(actual[i], expected[i], 1e-4, 1e-5, $"{model}, {mode}, output {i}");
            }
        }
    }

    [Fact]
    public void Size_makes_every_step_compact_and_speed_none()
    {
        Goals(OptimizationGoal.Size).ShouldAllBe(static g => g == CodeGoal.Size);
        Goals(OptimizationGoal.Speed).ShouldAllBe(static g => g == CodeGoal.Speed);
    }

    [Fact]
    public void Balanced_makes_steps_compact_that_take_no_time()
    {
        CodeGoal[] goals = Goals(OptimizationGoal.Balanced);
        goals.ShouldContain(CodeGoal.Size);
        goals.ShouldContain(CodeGoal.Speed);
    }

    /// <summary>What it loses as compact code counts: exponentials of short rows one by one.</summary>
    [Fact]
    public void Balanced_leaves_a_softmax_of_short_rows_fast_that_is_a_part_of_the_whole()
    {
        ModelBuilder model = new ModelBuilder()
            .Input("x", OnnxDataType.Float, 64, 20)
            .Initializer("w", [20, 1024], Numbers(20 * 1024))
            .Initializer("v", [1024, 20], Numbers(1024 * 20))
            .Node("MatMul", ["x", "w"], ["wide"])
            .Node("MatMul", ["wide", "v"], ["narrow"])
            .Node("LogSoftmax", ["narrow"], ["y"])
            .Output("y");
        Compile(model, OptimizationGoal.Balanced).Plan!.Schedule.Steps.Single(static s => s.Kernel.StartsWith("softmax", StringComparison.Ordinal)).Goal.ShouldBe(CodeGoal.Speed);
    }

    [Fact]
    public void Size_shares_methods_between_steps_that_differ_in_trip_counts()
    {
        CompilationResult speed = Compile(Pyramid(), OptimizationGoal.Speed);
        CompilationResult size = Compile(Pyramid(), OptimizationGoal.Size);

        // Both convolutions have 16 channels; the maps are 16 and 8 pixels wide.
        speed.Code!.Methods.Where(static m => m.Name.EndsWith("_Conv", StringComparison.Ordinal)).ShouldBeEmpty();
        GeneratedMethod method = size.Code!.Methods.Single(static m => m.Name.EndsWith("_Conv", StringComparison.Ordinal));
        method.Steps.Count.ShouldBe(2);
        size.Sources.Single(static s => s.HintName.Contains(".Steps", StringComparison.Ordinal)).Text.ShouldMatch($@"void {method.Name}\(float\* x, .*int number0, int number1");
        OperatorCheck.Run(Pyramid());
    }

    [Fact]
    public void A_fixed_instruction_set_has_one_width_only()
    {
        CompilationResult result = Compile(Pyramid(), OptimizationGoal.Size);
        result.Code!.Methods.Select(static m => m.VectorBits).Distinct().ShouldBe([256]);
        string code = string.Concat(result.Sources.Select(static s => s.Text));
        code.ShouldNotContain("Vector512");
        code.ShouldNotContain("Vector128");
    }

    private static CodeGoal[] Goals(OptimizationGoal goal) => Compile(Pyramid(), goal).Plan!.Schedule.Steps.Select(static s => s.Goal).ToArray();

    private static CompilationResult Compile(ModelBuilder model, OptimizationGoal goal)
    {
        var options = new CompilerOptions { Optimize = goal, Winograd = false, Isa = TargetIsa.TryParse("x86-64-v3")! };
        CompilationResult result = ModelCompiler.Compile(ModelFile.FromBytes(model.ToBytes()), NoExternalData.Instance, options);
        result.Success.ShouldBeTrue(string.Join('\n', result.Diagnostics));
        return result;
    }

    /// <summary>Two 3×3 convolutions on a map and on one of half its size, and a mean that takes no time beside them.</summary>
    private static ModelBuilder Pyramid() => new ModelBuilder()
        .Input("x", OnnxDataType.Float, 1, 16, 64, 64)
        .Initializer("v", [16, 16, 3, 3], Numbers(16 * 16 * 9))
        .Initializer("w", [16, 16, 3, 3], Numbers(16 * 16 * 9))
        .Node("Conv", ["x", "v"], ["fine"], ("pads", new long[] { 1, 1, 1, 1 }))
        .Node("MaxPool", ["fine"], ["pooled"], ("kernel_shape", new long[] { 2, 2 }), ("strides", new long[] { 2, 2 }))
        .Node("Conv", ["pooled", "w"], ["coarse"], ("pads", new long[] { 1, 1, 1, 1 }))
        .Node("MaxPool", ["coarse"], ["again"], ("kernel_shape", new long[] { 2, 2 }), ("strides", new long[] { 2, 2 }))
        .Node("GlobalAveragePool", ["again"], ["mean"])
        .Node("Flatten", ["mean"], ["flat"])
        .Node("Softmax", ["flat"], ["y"])
        .Output("y");

    private static float[] Numbers(int count) => Enumerable.Range(0, count).Select(static i => ((i * 53 % 97) - 48) / 500f).ToArray();
}
