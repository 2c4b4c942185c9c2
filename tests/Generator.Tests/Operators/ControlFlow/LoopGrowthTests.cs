using System;
using System.Collections.Generic;
using System.Linq;
using AotCompiler.Compiler;
using AotCompiler.Diagnostics;
using AotCompiler.Ir;
using AotCompiler.Onnx;
using AotCompiler.Operators;
using AotCompiler.Tests.Onnx;
using AotCompiler.Tests.Support;
using Shouldly;

namespace AotCompiler.Tests.Operators.ControlFlow;

/// <summary>Loops whose states have other shapes behind an iteration than before it, or shapes that the run chooses.</summary>
public sealed class LoopGrowthTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(7)]
    public void A_state_grows_by_a_row_in_each_iteration(long trips)
    {
        CompiledModel compiled = Compile(Growing(), "Loop_0.trips=7");
        Tensor x = ScheduleCheck.Counting(2, 3);
        Tensor y = compiled.RunAt([], DataSizesCheck.Int(trips), x)[0];
        y.Shape.ShouldBe(new Shape((int)trips + 2, 3));
        y.AsSpan<float>().ToArray().ShouldBe(GraphInterpreter.Run(OperatorCheck.Import(Growing().ToBytes(), Options("Loop_0.trips=7")), [DataSizesCheck.Int(trips), x])[0].AsSpan<float>().ToArray());
        Should.Throw<ArgumentOutOfRangeException>(() => compiled.RunAt([], DataSizesCheck.Int(8), x));
    }

    [Fact]
    public void A_state_that_grows_without_end_is_refused_with_the_option_that_bounds_it()
    {
        ModelDiagnostic diagnostic = OperatorCheck.Fails(Growing());
        diagnostic.Code.ShouldBe(DiagnosticCodes.ShapeNotConstant);
        diagnostic.Message.ShouldContain("Loop_0.trips=100");
    }

    /// <summary>As many iterations as a mask has true elements: at most as many as it has elements.</summary>
    [Fact]
    public void A_bounded_trip_count_needs_no_declaration() => DataSizesCheck.Check(
        new ModelBuilder()
            .Input("x", OnnxDataType.Float, 5).Initializer("zero", [], 0f)
            .Node("Greater", ["x", "zero"], ["mask"]).Node("Cast", ["mask"], ["ones"], ("to", 7)).Node("ReduceSum", ["ones"], ["m"], ("keepdims", 0))
            .Node("Loop", ["m", "", "x"], ["y"], ("body", Body()
                .Node("ReduceMean", ["s"], ["mean"]).Node("Concat", ["s", "mean"], ["s2"], ("axis", 0)).Output("go").Output("s2")))
            .Output("y"),
        string.Empty,
        DataSizesCheck.Floats(1, -2, 3, 4, -5));

    /// <summary>Keys and values have one length in all iterations: their product would not fit otherwise.</summary>
    [Fact]
    public void States_that_grow_alike_have_one_size()
    {
        ModelBuilder model = new ModelBuilder()
            .Input("m", OnnxDataType.Int64).Input("k", OnnxDataType.Float, ["n", 4L]).Input("v", OnnxDataType.Float, ["n", 4L])
            .Node("Loop", ["m", "", "k", "v"], ["keys", "values"], ("body", Body()
                .Input("t", OnnxDataType.Float)
                .Initializer("row", [1], -1L).Initializer("none", [1], long.MaxValue).Initializer("axis", [1], 0L)
                .Node("Slice", ["s", "row", "none", "axis"], ["last"])
                .Node("Mul", ["s", "t"], ["p"]).Node("ReduceMean", ["p"], ["mean"], ("axes", new long[] { 0 })).Node("Add", ["last", "mean"], ["new"])
                .Node("Concat", ["s", "last"], ["s2"], ("axis", 0)).Node("Concat", ["t", "new"], ["t2"], ("axis", 0))
                .Output("go").Output("s2").Output("t2")))
            .Output("keys").Output("values");
        CompiledModel compiled = Compile(model, "n=1..5;Loop_0.trips=6");
        foreach (int n in new[] { 1, 3, 5 })
        {
            Tensor[] inputs = [DataSizesCheck.Int(4), ScheduleCheck.Counting(n, 4), ScheduleCheck.Counting(n, 4)];
            IReadOnlyList<Tensor> expected = GraphInterpreter.Run(OperatorCheck.Import(model.ToBytes(), Options($"n={n};Loop_0.trips=6")), inputs);
            IReadOnlyList<Tensor> actual = compiled.RunAt([n], inputs);
            for (int i = 0; i < expected.Count; i++)
            {
                OperatorCheck.AssertClose(actual[i], expected[i], 1e-5, 1e-5, $"n = {n}, output {i}");
            }
        }
    }

    /// <summary>What is left over has at most as many elements as there were at the start, however often the loop runs.</summary>
    [Fact]
    public void A_state_may_shrink()
    {
        ModelBuilder model = new ModelBuilder()
            .Input("m", OnnxDataType.Int64).Input("x", OnnxDataType.Float, 9)
            .Node("Loop", ["m", "", "x"], ["y"], ("body", Body()
                .Initializer("one", [], 1f)
                .Node("Sub", ["s", "one"], ["less"]).Node("Greater", ["s", "one"], ["more"]).Node("Compress", ["less", "more"], ["s2"])
                .Output("go").Output("s2")))
            .Output("y");
        DataSizesCheck.Check(model, string.Empty, DataSizesCheck.Int(3), ScheduleCheck.Counting(9));
    }

    [Fact]
    public void States_and_collected_parts_have_sizes_of_the_run() => RunTimeSizesCheck.Run(
        new ModelBuilder()
            .Initializer("m", [], 100L).Input("x", OnnxDataType.Float, ["n", 3L])
            .Node("Loop", ["m", "", "x"], ["y", "all"], ("body", Body()
                .Node("Tanh", ["s"], ["s2"]).Node("Add", ["s2", "s"], ["sum"]).Output("go").Output("s2").Output("sum")))
            .Output("y").Output("all"),
        "n=1..6", ["n=1", "n=4", "n=6"]);

    /// <summary>A constant trip count that a condition may end before: neither can the loop be unrolled nor is the last shape known.</summary>
    [Fact]
    public void A_growing_state_may_end_by_a_condition()
    {
        ModelBuilder model = new ModelBuilder()
            .Initializer("m", [], 20L).Input("x", OnnxDataType.Float, 1)
            .Node("Loop", ["m", "", "x"], ["y"], ("body", Body()
                .Initializer("limit", [], 50f)
                .Node("ReduceSum", ["s"], ["sum"]).Node("Less", ["sum", "limit"], ["more"])
                .Node("Concat", ["s", "sum"], ["s2"], ("axis", 0)).Output("more").Output("s2")))
            .Output("y");
        DataSizesCheck.Check(model, string.Empty, DataSizesCheck.Floats(1.5f));
    }

    private static ModelBuilder Growing() => new ModelBuilder()
        .Input("m", OnnxDataType.Int64).Input("x", OnnxDataType.Float, 2, 3)
        .Node("Loop", ["m", "", "x"], ["y"], ("body", Body()
            .Initializer("axis", [1], 0L)
            .Node("ReduceSum", ["s", "axis"], ["row"], ("keepdims", 1)).Node("Concat", ["row", "s"], ["s2"], ("axis", 0))
            .Output("go").Output("s2")))
        .Output("y");

    private static GraphBuilder Body() => new GraphBuilder()
        .Input("i", OnnxDataType.Int64).Input("go", OnnxDataType.Bool).Input("s", OnnxDataType.Float);

    private static CompilerOptions Options(string ranges) => new() { Dimensions = OptionParser.Dimensions(ranges) };

    private static CompiledModel Compile(ModelBuilder model, string ranges) =>
        CompiledModel.Compile(model.ToBytes(), "auto", Options(ranges) with { CheckedArena = true });
}
