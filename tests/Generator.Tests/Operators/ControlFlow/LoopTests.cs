using System;
using System.Collections.Generic;
using System.Linq;
using AotCompiler.Compiler;
using AotCompiler.Diagnostics;
using AotCompiler.Ir;
using AotCompiler.Kernels;
using AotCompiler.Onnx;
using AotCompiler.Tests.Onnx;
using AotCompiler.Tests.Support;
using Shouldly;

namespace AotCompiler.Tests.Operators.ControlFlow;

public sealed class LoopTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(9)]
    public void Trip_count_at_run_time(long trips) => ControlFlowCheck.Run(
        new ModelBuilder()
            .Input("m", OnnxDataType.Int64)
            .Input("x", OnnxDataType.Float, 4)
            .Node("Loop", ["m", "", "x"], ["y"], ("body", Body().Node("Mul", ["s", "x"], ["s2"]).Output("go").Output("s2")))
            .Output("y"),
        ControlFlowCheck.Int(trips), ControlFlowCheck.Floats(1, -1, 0.5f, 2));

    [Fact]
    public void Ends_by_its_condition() => ControlFlowCheck.Run(
        new ModelBuilder()
            .Input("x", OnnxDataType.Float, 1)
            .Initializer("limit", [1], 100f)
            .Node("Loop", ["", "", "x"], ["y"], ("body", Body().Node("Add", ["s", "s"], ["s2"]).Node("Less", ["s2", "limit"], ["more"]).Output("more").Output("s2")))
            .Output("y"),
        ControlFlowCheck.Floats(3));

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void May_not_begin(bool begin) => ControlFlowCheck.Run(
        new ModelBuilder()
            .Input("c", OnnxDataType.Bool).Input("m", OnnxDataType.Int64).Input("x", OnnxDataType.Float, 3)
            .Node("Loop", ["m", "c", "x"], ["y"], ("body", Body().Node("Neg", ["s"], ["s2"]).Output("go").Output("s2")))
            .Output("y"),
        ControlFlowCheck.Bool(begin), ControlFlowCheck.Int(3), ControlFlowCheck.Floats(1, 2, 3));

    [Fact]
    public void States_may_change_places() => ControlFlowCheck.Run(
        new ModelBuilder()
            .Input("m", OnnxDataType.Int64).Input("a", OnnxDataType.Float, 3).Input("b", OnnxDataType.Float, 3)
            .Node("Loop", ["m", "", "a", "b"], ["p", "q"], ("body", Body()
                .Input("t", OnnxDataType.Float, 3)
                .Node("Add", ["s", "t"], ["sum"])
                .Output("go").Output("t").Output("sum")))
            .Output("p").Output("q"),
        ControlFlowCheck.Int(10), ControlFlowCheck.Floats(0, 1, 2), ControlFlowCheck.Floats(1, 1, -2));

    [Fact]
    public void Both_states_may_get_one_value() => ControlFlowCheck.Run(
        new ModelBuilder()
            .Input("m", OnnxDataType.Int64).Input("a", OnnxDataType.Float, 3).Input("b", OnnxDataType.Float, 3)
            .Node("Loop", ["m", "", "a", "b"], ["p", "q"], ("body", Body()
                .Input("t", OnnxDataType.Float, 3)
                .Node("Sub", ["s", "t"], ["d"])
                .Node("Cast", ["i"], ["f"], ("to", 1))
                .Node("Add", ["d", "f"], ["e"])
                .Output("go").Output("e").Output("e")))
            .Output("p").Output("q"),
        ControlFlowCheck.Int(4), ControlFlowCheck.Floats(0, 1, 2), ControlFlowCheck.Floats(1, 1, -2));

    [Fact]
    public void Collects_parts_of_a_long_loop()
    {
        ModelBuilder model = new ModelBuilder()
            .Input("x", OnnxDataType.Float, 2, 3)
            .Initializer("m", [], 100L)
            .Node("Loop", ["m", "", "x"], ["y", "all"], ("body", Body()
                .Node("Cast", ["i"], ["f"], ("to", 1)).Node("Add", ["s", "f"], ["s2"]).Node("Sin", ["s2"], ["p"])
                .Output("go").Output("s2").Output("p")))
            .Output("y").Output("all");
        OperatorCheck.Import(model.ToBytes()).Outputs[1].Value.Shape.ShouldBe(new Shape(100, 2, 3));
        ScheduleCheck.Steps(model).OfType<LoopStep>().Count().ShouldBe(1);
        ControlFlowCheck.Run(model, Tensor.Create(ElementType.Float32, new Shape(2, 3), new[] { 1f, 2, 3, 4, 5, 6 }));
    }

    [Fact]
    public void Short_loops_are_unrolled()
    {
        ModelBuilder model = new ModelBuilder()
            .Input("x", OnnxDataType.Float, 3)
            .Initializer("m", [], 4L)
            .Node("Loop", ["m", "", "x"], ["y", "all"], ("body", Body().Node("Mul", ["s", "x"], ["s2"]).Output("go").Output("s2").Output("s")))
            .Output("y").Output("all");
        OperatorCheck.Import(model.ToBytes()).Nodes.ShouldAllBe(static n => n.Operator.Name != "Loop");
        ControlFlowCheck.Run(model, ControlFlowCheck.Floats(1, 2, -3));
    }

    [Fact]
    public void Shapes_may_change_where_the_trip_count_is_constant()
    {
        ModelBuilder model = new ModelBuilder()
            .Input("x", OnnxDataType.Float, 3)
            .Initializer("m", [], 30L)
            .Node("Loop", ["m", "", "x"], ["y"], ("body", Body()
                .Node("Relu", ["x"], ["r"]).Node("Sin", ["r"], ["q"])
                .Node("Concat", ["s", "q"], ["s2"], ("axis", 0)).Output("go").Output("s2")))
            .Output("y");
        OperatorCheck.Import(model.ToBytes()).Outputs[0].Value.Shape.ShouldBe(new Shape(93));
        ControlFlowCheck.Run(model, ControlFlowCheck.Floats(1, 2, -3));
    }

    [Fact]
    public void Nests_with_values_of_both_bodies() => ControlFlowCheck.Run(
        new ModelBuilder()
            .Input("m", OnnxDataType.Int64).Input("x", OnnxDataType.Float, 20)
            .Node("Loop", ["m", "", "x"], ["y"], ("body", Body()
                .Node("Loop", ["m", "", "s"], ["inner"], ("body", new GraphBuilder()
                    .Input("j", OnnxDataType.Int64).Input("go2", OnnxDataType.Bool).Input("u", OnnxDataType.Float, 20)
                    .Node("Add", ["i", "j"], ["ij"]).Node("Cast", ["ij"], ["f"], ("to", 1)).Node("Mul", ["u", "x"], ["ux"]).Node("Add", ["ux", "f"], ["v"])
                    .Output("go2").Output("v")))
                .Node("Tanh", ["inner"], ["s2"])
                .Output("go").Output("s2")))
            .Output("y"),
        ControlFlowCheck.Int(3), OperatorCheck.RandomTensor(new Value("x", ElementType.Float32, new Shape(20)), new Random(1)));

    [Fact]
    public void A_state_that_only_its_next_value_reads_is_written_in_place()
    {
        LoopStep loop = ScheduleCheck.Steps(new ModelBuilder()
            .Input("m", OnnxDataType.Int64).Input("x", OnnxDataType.Float, 40)
            .Node("Loop", ["m", "", "x"], ["y"], ("body", Body().Node("Mul", ["s", "x"], ["s2"]).Output("go").Output("s2")))
            .Output("y")).OfType<LoopStep>().Single();
        loop.Blocks[0].Count.ShouldBe(1, "nothing is copied");
    }

    /// <summary>A loop that collects until its condition ends it: the constant trip count is the most there can be.</summary>
    [Theory]
    [InlineData(0.9f)]
    [InlineData(1.5f)]
    [InlineData(40f)]
    [InlineData(1e9f)]
    public void Collected_parts_are_counted(float limit) => OperatorCheck.RunOn(
        new ModelBuilder()
            .Input("x", OnnxDataType.Float, 3).Input("limit", OnnxDataType.Float)
            .Initializer("m", [], 9L).Initializer("two", [], 2f)
            .Node("Less", ["first", "limit"], ["start"])
            .Node("ReduceMax", ["x"], ["first"], ("keepdims", 0))
            .Node("Loop", ["m", "start", "x"], ["y", "all"], ("body", new GraphBuilder()
                .Input("i", OnnxDataType.Int64).Input("go", OnnxDataType.Bool).Input("s", OnnxDataType.Float, 3)
                .Node("Mul", ["s", "two"], ["s2"]).Node("ReduceMax", ["s2"], ["top"], ("keepdims", 0)).Node("Less", ["top", "limit"], ["on"])
                .Output("on").Output("s2").Output("s2")))
            .Node("Add", ["all", "x"], ["sum"])
            .Node("Shape", ["all"], ["shape"])
            .Output("y").Output("sum").Output("shape").ToBytes(),
        [Tensor.Create(ElementType.Float32, new Shape(3), [1f, 0.5f, -2f]), Tensor.Scalar(limit)]);

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    [InlineData(5)]
    public void A_declared_trip_count_bounds_what_is_collected(int trips)
    {
        byte[] model = new ModelBuilder()
            .Input("m", OnnxDataType.Int64).Input("x", OnnxDataType.Float, 3)
            .Node("Loop", ["m", "", "x"], ["y", "all"], ("body", Body().Node("Neg", ["s"], ["s2"]).Output("go").Output("s2").Output("s2")))
            .Output("y").Output("all").ToBytes();
        CompiledModel compiled = CompiledModel.Compile(model, "auto", new CompilerOptions { Dimensions = OptionParser.Dimensions("Loop_0.trips=5") });
        Tensor x = Tensor.Create(ElementType.Float32, new Shape(3), [1f, 2f, 3f]);
        Tensor all = compiled.RunAt([], Tensor.Create(ElementType.Int64, Shape.Scalar, [(long)trips]), x)[1];
        all.Shape.ShouldBe(new Shape(trips, 3));
        all.AsSpan<float>().ToArray().ShouldBe(Enumerable.Range(0, trips).SelectMany(static i => new[] { 1f, 2f, 3f }.Select(v => i % 2 == 0 ? -v : v)).ToArray());
        Should.Throw<ArgumentOutOfRangeException>(() => compiled.RunAt([], Tensor.Create(ElementType.Int64, Shape.Scalar, [6L]), x));
    }

    [Fact]
    public void A_declaration_for_no_loop_is_an_error() => Should.Throw<ModelException>(() => OperatorCheck.Import(
        new ModelBuilder().Input("x", OnnxDataType.Float, 3).Node("Neg", ["x"], ["y"]).Output("y").ToBytes(),
        new CompilerOptions { Dimensions = OptionParser.Dimensions("Loop_0.trips=5") })).Diagnostic.Code.ShouldBe(DiagnosticCodes.DimensionUnknown);

    [Fact]
    public void Collected_parts_of_unknown_number_are_refused() => OperatorCheck.Fails(new ModelBuilder()
            .Input("m", OnnxDataType.Int64).Input("x", OnnxDataType.Float, 3)
            .Node("Loop", ["m", "", "x"], ["y", "all"], ("body", Body().Node("Neg", ["s"], ["s2"]).Output("go").Output("s2").Output("s2")))
            .Output("y").Output("all"))
        .Code.ShouldBe(DiagnosticCodes.ShapeNotConstant);

    [Fact]
    public void An_endless_constant_loop_does_not_hold_up_the_build() => OperatorCheck.Fails(new ModelBuilder()
            .Initializer("x", [1], 1f)
            .Node("Loop", ["", "", "x"], ["y"], ("body", Body().Node("Concat", ["s", "s"], ["s2"], ("axis", 0)).Output("go").Output("s2")))
            .Output("y"))
        .Severity.ShouldBe(DiagnosticSeverity.Error);

    [Fact]
    public void A_loop_that_never_ends_is_refused() => OperatorCheck.Fails(new ModelBuilder()
            .Input("x", OnnxDataType.Float, 3)
            .Node("Loop", ["", "", "x"], ["y"], ("body", Body().Node("Neg", ["s"], ["s2"]).Output("go").Output("s2")))
            .Output("y"))
        .Message.ShouldContain("never ends");

    private static GraphBuilder Body() => new GraphBuilder()
        .Input("i", OnnxDataType.Int64).Input("go", OnnxDataType.Bool).Input("s", OnnxDataType.Float);
}
