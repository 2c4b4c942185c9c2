using System;
using System.Collections.Generic;
using System.Linq;
using AotCompiler.Compiler;
using AotCompiler.Emission;
using AotCompiler.Ir;
using AotCompiler.Kernels;
using AotCompiler.Onnx;
using AotCompiler.Planning;
using AotCompiler.Tests.Onnx;
using AotCompiler.Tests.Support;
using Shouldly;

namespace AotCompiler.Tests.Threading;

/// <summary>Models whose sizes each run chooses on several threads. <see cref="RunTimeSizesCheck"/> does the same with the models of all its tests.</summary>
public sealed class SharedRunTimeSizesTests
{
    [Fact]
    public void Shares_follow_the_sizes_of_the_run()
    {
        CompiledModel model = CompiledModel.Compile(Layers(64).ToBytes(), "x86-64-v3", Ranges(shareEverything: true));
        model.Result.Plan!.Phases.SelectMany(static p => p.Steps).Count(static s => s.IsShared).ShouldBeGreaterThan(2);
        foreach ((int batch, int seq) in new[] { (1, 1), (1, 2), (1, 37), (2, 3), (3, 64), (4, 13) })
        {
            Tensor x = Tensor.Create(ElementType.Float32, new Shape(batch, seq, 64), Weights.Random(batch * seq * 64, seq));
            IReadOnlyList<Tensor> expected = model.RunAt([batch, seq], x);
            foreach (int threads in new[] { 2, 3, 7 })
            {
                model.RunAtThreaded(threads, [batch, seq], x).ShouldEqualBits(expected, $"{batch}×{seq} on {threads} threads");
            }
        }
    }

    [Fact]
    public void Products_are_cut_by_outputs_where_the_smallest_run_has_one_row()
    {
        ExecutionPlan plan = CompiledModel.Compile(Layers(256).ToBytes(), "x86-64-v3", Ranges(shareEverything: false)).Result.Plan!;
        ContractionStep[] products = plan.Schedule.Steps.OfType<ContractionStep>().ToArray();
        products.Length.ShouldBe(2);
        products.ShouldAllBe(p => plan.IsShared(p) && !p.ParallelExtent(Simd.V256).IsDynamic && p.ParallelExtent(Simd.V256).Maximum > 1);
    }

    [Fact]
    public void Small_runs_stay_on_one_thread()
    {
        string code = Code(CompiledModel.Compile(Layers(64).ToBytes(), "x86-64-v3", Ranges(shareEverything: false)));
        code.ShouldContain("if (team != null && (long)dimension0 * dimension1 >= ");
        Code(CompiledModel.Compile(Layers(64).ToBytes(), "x86-64-v3", Ranges(shareEverything: true))).ShouldContain("if (team != null)");
    }

    [Fact]
    public void Counts_that_a_step_finds_keep_a_model_on_one_thread()
    {
        ModelBuilder model = new ModelBuilder()
            .Input("x", OnnxDataType.Float, 64, 64)
            .Node("NonZero", ["x"], ["n"])
            .Node("Cast", ["n"], ["f"], ("to", 1L))
            .Node("Exp", ["f"], ["y"])
            .Output("y");
        CompiledModel.Compile(model.ToBytes(), "x86-64-v3", new CompilerOptions { ShareEverything = true }).Result.Plan!.Phases.ShouldBeEmpty();
    }

    private static string Code(CompiledModel model) => string.Concat(model.Result.Sources.Select(static s => s.Text));

    private static CompilerOptions Ranges(bool shareEverything) => new()
    {
        Dimensions = OptionParser.Dimensions("batch=1..4;seq=1..64"),
        ShareEverything = shareEverything,
    };

    /// <summary>Normalisation, a product, an activation, a product and a sum, of [batch, seq, width].</summary>
    private static ModelBuilder Layers(int width) => new ModelBuilder()
        .Input("x", OnnxDataType.Float, ["batch", "seq", width])
        .Initializer("scale", [width], Weights.Random(width, 1))
        .Initializer("shift", [width], Weights.Random(width, 2))
        .Initializer("w1", [width, 4 * width], Weights.Random(4 * width * width, 3))
        .Initializer("w2", [4 * width, width], Weights.Random(4 * width * width, 4))
        .Node("LayerNormalization", ["x", "scale", "shift"], ["n"])
        .Node("MatMul", ["n", "w1"], ["h"])
        .Node("Gelu", ["h"], ["a"])
        .Node("MatMul", ["a", "w2"], ["p"])
        .Node("Add", ["p", "x"], ["s"])
        .Node("Softmax", ["s"], ["y"])
        .Output("y");
}
