using System;
using System.Collections.Generic;
using System.Linq;
using AotCompiler.Compiler;
using AotCompiler.Ir;
using AotCompiler.Lowering;
using AotCompiler.Onnx;
using AotCompiler.Planning;
using AotCompiler.Tests.Onnx;
using AotCompiler.Tests.Support;
using Shouldly;

namespace AotCompiler.Tests.Planning;

/// <summary>Steps that are shared by the same rows need no waiting in between, if they need of each other's rows the same ones only.</summary>
public sealed class PhasePlannerTests
{
    private const int Channels = 32;
    private const int Size = 40;

    /// <summary>The second one writes where the first one's input lies, but each thread the rows that itself has read.</summary>
    [Fact]
    public void Convolutions_1x1_behind_each_other_are_one_phase()
    {
        ExecutionPlan plan = Plan(Convolutions((1, 1), (1, 1), (1, 1)));
        PhaseOf(plan, "w1").ShouldBe(PhaseOf(plan, "w0"));
        PhaseOf(plan, "w2").ShouldBe(PhaseOf(plan, "w0"));
    }

    [Fact]
    public void Residuals_of_the_same_rows_need_no_waiting()
    {
        ModelBuilder model = new ModelBuilder().Input("x", OnnxDataType.Float, 1, Channels, Size, Size);
        Add(model, "x", "a", 0, 1, 1);
        Add(model, "a", "b", 1, 1, 1);
        model.Node("Add", ["a", "b"], ["y"]).Output("y");
        ExecutionPlan plan = Plan(model);
        PhaseOf(plan, "w1").ShouldBe(PhaseOf(plan, "w0"));
    }

    [Fact]
    public void A_window_that_reads_the_neighbours_rows_waits()
    {
        ExecutionPlan plan = Plan(Convolutions((1, 1), (3, 1)));
        PhaseOf(plan, "w1").ShouldBeGreaterThan(PhaseOf(plan, "w0"));
    }

    [Fact]
    public void Other_cuts_wait()
    {
        ExecutionPlan plan = Plan(Convolutions((1, 1), (1, 2)));
        PhaseOf(plan, "w1").ShouldBeGreaterThan(PhaseOf(plan, "w0"));
    }

    /// <summary>The second convolution writes where the first one's padded input lies, of which other threads may still read rows.</summary>
    [Fact]
    public void Memory_that_is_used_again_for_other_rows_waits()
    {
        ExecutionPlan plan = Plan(Convolutions((3, 1), (1, 1)));
        Storage input = Steps(plan, "w0").Last().Reads[0].Storage.Owner;
        Storage output = Steps(plan, "w1").Last().Writes[0].Storage.Owner;
        (output.Offset < input.Offset + input.Bytes && input.Offset < output.Offset + output.Bytes).ShouldBeTrue();
        PhaseOf(plan, "w1").ShouldBeGreaterThan(PhaseOf(plan, "w0"));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Results_do_not_depend_on_the_number_of_threads(bool shareEverything)
    {
        CompiledModel model = CompiledModel.Compile(Convolutions((1, 1), (1, 1), (3, 1), (1, 1), (3, 2), (1, 1)).ToBytes(), "x86-64-v3", Options with { ShareEverything = shareEverything });
        model.Result.Plan!.Phases.Count.ShouldBeInRange(2, model.Result.Plan.Schedule.Steps.Count - 1);
        Tensor input = OperatorCheck.RandomTensor(model.Graph.Inputs[0], new Random(1));
        IReadOnlyList<Tensor> expected = model.Run(input);
        foreach (int threads in new[] { 1, 2, 3, 5, 16 })
        {
            model.RunThreaded(threads, runs: 20, input).ShouldEqualBits(expected, $"{threads} threads");
        }
    }

    private static CompilerOptions Options => new() { Winograd = false };

    private static ExecutionPlan Plan(ModelBuilder model)
    {
        CompilationResult result = ModelCompiler.Compile(ModelFile.FromBytes(model.ToBytes()), NoExternalData.Instance, Options);
        result.Success.ShouldBeTrue(string.Join("\n", result.Diagnostics));
        return result.Plan!;
    }

    /// <summary>Convolutions with weights w0, w1, … behind each other, of these kernels and strides.</summary>
    private static ModelBuilder Convolutions(params (int Kernel, int Stride)[] layers)
    {
        ModelBuilder model = new ModelBuilder().Input("x", OnnxDataType.Float, 1, Channels, Size, Size);
        string value = "x";
        for (int i = 0; i < layers.Length; i++)
        {
            string next = i == layers.Length - 1 ? "y" : $"v{i}";
            Add(model, value, next, i, layers[i].Kernel, layers[i].Stride);
            value = next;
        }

        return model.Output("y");
    }

    private static void Add(ModelBuilder model, string input, string output, int number, int kernel, int stride)
    {
        long pad = kernel / 2;
        model.Initializer($"w{number}", [Channels, Channels, kernel, kernel], Weights.Random(Channels * Channels * kernel * kernel, number + 1))
            .Node("Conv", [input, $"w{number}"], [output], ("pads", new[] { pad, pad, pad, pad }), ("strides", new long[] { stride, stride }));
    }

    private static IEnumerable<Step> Steps(ExecutionPlan plan, string weights) => plan.Schedule.Steps.Where(s => s.Node?.Input(1)?.Name == weights);

    private static int PhaseOf(ExecutionPlan plan, string weights)
    {
        Step step = Steps(plan, weights).Last();
        plan.IsShared(step).ShouldBeTrue();
        return plan.Phases.ToList().FindIndex(p => p.Steps.Any(s => ReferenceEquals(s.Step, step)));
    }
}
