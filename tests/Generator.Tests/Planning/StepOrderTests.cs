using System.Linq;
using AotCompiler.Compiler;
using AotCompiler.Onnx;
using AotCompiler.Planning;
using AotCompiler.Tests.Onnx;
using AotCompiler.Tests.Support;
using Shouldly;

namespace AotCompiler.Tests.Planning;

public sealed class StepOrderTests
{
    /// <summary>Branches that each blow a small tensor up and reduce it again: one after the other they need the large buffer once.</summary>
    [Fact]
    public void Branches_of_large_intermediates_run_one_after_the_other()
    {
        ModelBuilder model = new ModelBuilder().Input("x", OnnxDataType.Float, 64, 1);
        for (int i = 0; i < 4; i++)
        {
            model.Initializer($"w{i}", [1, 512], Weights.Random(512, i)).Node("MatMul", ["x", $"w{i}"], [$"large{i}"]);
        }

        for (int i = 0; i < 4; i++)
        {
            model.Node("Softmax", [$"large{i}"], [$"soft{i}"]).Initializer($"v{i}", [512, 1], Weights.Random(512, i + 10)).Node("MatMul", [$"soft{i}", $"v{i}"], [$"small{i}"]);
        }

        byte[] bytes = model.Node("Sum", ["small0", "small1", "small2", "small3"], ["y"]).Output("y").ToBytes();
        ExecutionPlan plan = CompiledModel.Compile(bytes, "x86-64-v3").Result.Plan!;
        plan.Arena.ArenaBytes.ShouldBeLessThan(3 * 64 * 512 * 4);
        OperatorCheck.RunOn(bytes, [OperatorCheck.RandomTensor(plan.Schedule.Graph.Inputs[0], new System.Random(1))]);
    }

    [Fact]
    public void A_chain_keeps_its_order()
    {
        byte[] model = new ModelBuilder()
            .Input("x", OnnxDataType.Float, 1, 16, 12, 12)
            .Initializer("w", [16, 16, 3, 3], Weights.Random(16 * 16 * 9, 1))
            .Node("Conv", ["x", "w"], ["a"], ("pads", new long[] { 1, 1, 1, 1 }))
            .Node("Conv", ["a", "w"], ["b"], ("pads", new long[] { 1, 1, 1, 1 }))
            .Node("Conv", ["b", "w"], ["y"], ("pads", new long[] { 1, 1, 1, 1 }))
            .Output("y")
            .ToBytes();
        ExecutionPlan plan = CompiledModel.Compile(model, "baseline").Result.Plan!;
        plan.Schedule.Steps.Where(static s => s.Node is not null).Select(static s => s.Node!.Outputs[0]!.Name).Distinct().ShouldBe(["a", "b", "y"]);
    }

    [Fact]
    public void Arenas_of_the_small_models_are_within_a_twentieth_of_the_lower_bound()
    {
        foreach (string name in SmallModels.All)
        {
            CompilationResult result = ModelCompiler.Compile(
                ModelFile.Read(SmallModels.PathOf(name)), ExternalDataSource.ForModel(SmallModels.PathOf(name)), SmallModels.OptionsOf(name));
            ArenaLayout arena = result.Plan!.Arena;
            arena.ArenaBytes.ShouldBeLessThanOrEqualTo(arena.LowerBound * 21 / 20, name);
        }
    }
}
