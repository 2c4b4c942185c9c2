using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using AotCompiler.Compiler;
using AotCompiler.Emission;
using AotCompiler.Ir;
using AotCompiler.Lowering;
using AotCompiler.Onnx;
using AotCompiler.Operators;
using AotCompiler.Planning;
using AotCompiler.Tests.Onnx;
using AotCompiler.Tests.Support;
using Shouldly;

namespace AotCompiler.Tests.Emission;

/// <summary>The memory plan proven on real runs: all memory outside of live buffers is poisoned and watched.</summary>
public class ArenaChecksTests
{
    public static TheoryData<string> Models => new(SmallModels.All);

    [Theory]
    [MemberData(nameof(Models))]
    public void Small_models_keep_to_their_buffers(string name)
    {
        ModelFile file = ModelFile.Read(SmallModels.PathOf(name));
        var external = ExternalDataSource.ForModel(SmallModels.PathOf(name));
        var options = SmallModels.OptionsOf(name) with { Isa = TargetIsa.TryParse("x86-64-v3")!, CheckedArena = true, InlineWeightLimit = int.MaxValue };
        Graph graph = AotCompiler.Import.GraphImporter.Import(
            FunctionInliner.Inline(OnnxReader.Read(file.Bytes, external, ReaderLimits.Default)), options, [], CancellationToken.None);
        CompilationResult result = ModelCompiler.Compile(file, external, options);
        result.Success.ShouldBeTrue(string.Join('\n', result.Diagnostics));
        var random = new Random(1);
        Tensor[] inputs = graph.Inputs.Select(v => v.Type.IsInteger() ? OperatorCheck.RandomTensor(v, random, 0, 1) : OperatorCheck.RandomTensor(v, random)).ToArray();

        IReadOnlyList<Tensor> actual = CompiledModel.Load(result).Run(inputs);

        IReadOnlyList<Tensor> expected = GraphInterpreter.Run(graph, inputs);
        for (int i = 0; i < expected.Count; i++)
        {
            OperatorCheck.AssertClose(actual[i], expected[i], 1e-4, 1e-4, graph.Outputs[i].Name);
        }
    }

    [Fact]
    public void A_write_outside_of_live_buffers_is_reported()
    {
        CompiledModel model = Load(static plan => new ExecutionPlan(
            plan.Schedule, plan.Arena, plan.Buffers.Skip(1).ToArray(), plan.Weights, plan.WeightBytes, plan.Phases));
        Should.Throw<InvalidOperationException>(() => model.Run(Input())).Message.ShouldContain("belongs to no live buffer");
    }

    [Fact]
    public void A_read_after_the_end_of_life_spoils_the_result()
    {
        CompiledModel model = Load(static plan => new ExecutionPlan(
            plan.Schedule, plan.Arena, plan.Buffers.Select(static b => b with { LastStep = b.FirstStep }).ToArray(), plan.Weights, plan.WeightBytes, plan.Phases));
        model.Run(Input())[0].Floats().ToArray().ShouldAllBe(static y => float.IsNaN(y));
    }

    private static Tensor Input() => Tensor.Create(ElementType.Float32, new Shape(1, 4), [1f, 2f, 3f, 4f]);

    /// <summary>Two products, one after the other, with a buffer between them, under a plan that was tampered with.</summary>
    private static CompiledModel Load(Func<ExecutionPlan, ExecutionPlan> tamper)
    {
        byte[] bytes = new ModelBuilder()
            .Input("x", OnnxDataType.Float, 1, 4)
            .Initializer("w1", [4, 16], Weights.Random(64, 1))
            .Initializer("w2", [16, 16], Weights.Random(256, 2))
            .Node("MatMul", ["x", "w1"], ["h"])
            .Node("MatMul", ["h", "w2"], ["y"])
            .Output("y")
            .ToBytes();
        var options = new CompilerOptions { ModelName = "Tampered", Isa = TargetIsa.TryParse("x86-64-v3")!, CheckedArena = true };
        OnnxModel model = OnnxReader.Read(bytes, NoExternalData.Instance, ReaderLimits.Default);
        Graph graph = AotCompiler.Import.GraphImporter.Import(model, options, [], CancellationToken.None);
        ExecutionPlan plan = tamper(PlanBuilder.Build(LoweringContext.Lower(graph, options, CancellationToken.None), ArenaChecks.CanaryBytes, shareEverything: false, CancellationToken.None));
        GeneratedCode code = ModelEmitter.Emit(plan, new ModelMetadata(model, new string('0', 64)), options, CancellationToken.None);
        return CompiledModel.Load(new CompilationResult([]) { Graph = graph, Plan = plan, Code = code });
    }
}
