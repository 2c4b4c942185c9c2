using System;
using System.Collections.Generic;
using System.Linq;
using AotCompiler.Compiler;
using AotCompiler.Ir;
using AotCompiler.Onnx;
using AotCompiler.Planning;
using AotCompiler.Tests.Onnx;
using AotCompiler.Tests.Support;
using Shouldly;

namespace AotCompiler.Tests.Threading;

/// <summary>Whole models on several threads. <see cref="OperatorCheck"/> does the same with the models of all operators' tests.</summary>
public sealed class SharedModelTests
{
    public static TheoryData<string> Models => new(SmallModels.All);

    [Theory]
    [MemberData(nameof(Models))]
    public void Results_do_not_depend_on_the_number_of_threads(string name)
    {
        ModelFile file = ModelFile.Read(SmallModels.PathOf(name));
        CompilationResult result = ModelCompiler.Compile(file, ExternalDataSource.ForModel(SmallModels.PathOf(name)), SmallModels.OptionsOf(name) with
        {
            ShareEverything = true,
            InlineWeightLimit = int.MaxValue,
            Isa = TargetIsa.TryParse("x86-64-v4")!,
        });
        result.Success.ShouldBeTrue();
        CompiledModel model = CompiledModel.Load(result);
        var random = new Random(1);
        Tensor[] inputs = model.Graph.Inputs.Select(v => OperatorCheck.RandomTensor(v, random)).ToArray();
        IReadOnlyList<Tensor> expected = model.Run(inputs);
        foreach (int threads in new[] { 1, 2, 3, 4, 7 })
        {
            model.RunThreaded(threads, runs: 20, inputs).ShouldEqualBits(expected, $"{name} on {threads} threads");
        }
    }

    [Fact]
    public void Small_models_stay_on_one_thread()
    {
        CompiledModel model = CompiledModel.Compile(Convolution(8, 12).ToBytes());
        model.Result.Plan!.Phases.ShouldBeEmpty();
        string.Concat(model.Result.Sources.Select(static s => s.Text)).ShouldNotContain("ThreadTeam.Create");
    }

    [Fact]
    public void Large_steps_are_shared_and_small_ones_between_them_are_not()
    {
        byte[] model = new ModelBuilder()
            .Input("x", OnnxDataType.Float, 1, 64, 56, 56)
            .Initializer("w", [64, 64, 3, 3], Weights.Random(64 * 64 * 9, 1))
            .Node("Conv", ["x", "w"], ["c"], ("pads", new long[] { 1, 1, 1, 1 }))
            .Node("GlobalAveragePool", ["c"], ["g"])
            .Node("Sigmoid", ["g"], ["s"])
            .Node("Mul", ["c", "s"], ["m"])
            .Node("Conv", ["m", "w"], ["y"], ("pads", new long[] { 1, 1, 1, 1 }))
            .Output("y")
            .ToBytes();
        ExecutionPlan plan = CompiledModel.Compile(model, "x86-64-v3").Result.Plan!;
        plan.Schedule.Steps.Where(static s => s.MultiplyAdds > 1_000_000).ShouldAllBe(s => plan.IsShared(s));
        plan.Schedule.Steps.Single(static s => s.Node?.Operator.Name == "Sigmoid").ShouldSatisfyAllConditions(s => plan.IsShared(s).ShouldBeFalse());
        plan.Phases.SelectMany(static p => p.Steps).Select(static s => s.Step).ShouldBe(plan.Schedule.Steps);
    }

    [Fact]
    public void An_index_out_of_range_is_reported_from_any_thread()
    {
        byte[] model = new ModelBuilder()
            .Input("x", OnnxDataType.Float, 40, 16)
            .Input("i", OnnxDataType.Int64, 50)
            .Node("Gather", ["x", "i"], ["g"])
            .Node("Exp", ["g"], ["y"])
            .Output("y")
            .ToBytes();
        CompiledModel compiled = CompiledModel.CompileAll(model, ["baseline"], new CompilerOptions { ShareEverything = true })[0];
        Tensor x = OperatorCheck.RandomTensor(compiled.Graph.Inputs[0], new Random(1));
        long[] indices = Enumerable.Range(0, 50).Select(static i => (long)i % 40).ToArray();
        compiled.RunThreaded(3, 2, x, Tensor.Create(ElementType.Int64, new Shape(50), indices));
        indices[^1] = 40;
        Should.Throw<ArgumentOutOfRangeException>(() => compiled.RunThreaded(3, 1, x, Tensor.Create(ElementType.Int64, new Shape(50), indices)));
    }

    [Fact]
    public void The_number_of_threads_is_checked_by_models_of_any_size()
    {
        Should.Throw<Exception>(() => CompiledModel.Compile(Convolution(8, 12).ToBytes(), "baseline").RunThreaded(0, 1))
            .GetBaseException().ShouldBeOfType<ArgumentOutOfRangeException>();
        Should.Throw<Exception>(() => CompiledModel.Compile(Convolution(64, 56).ToBytes(), "baseline").RunThreaded(-1, 1))
            .GetBaseException().ShouldBeOfType<ArgumentOutOfRangeException>();
    }

    private static ModelBuilder Convolution(int channels, int size) => new ModelBuilder()
        .Input("x", OnnxDataType.Float, 1, channels, size, size)
        .Initializer("w", [channels, channels, 3, 3], Weights.Random(channels * channels * 9, 1))
        .Node("Conv", ["x", "w"], ["y"])
        .Output("y");
}
