using AotCompiler.Ir;
using AotCompiler.Onnx;
using AotCompiler.Tests.Onnx;
using AotCompiler.Tests.Support;
using Shouldly;

namespace AotCompiler.Tests.Operators.ControlFlow;

/// <summary>Sequences whose lengths only a run knows.</summary>
public sealed class LoopSequencesTests
{
    [Theory]
    [InlineData(0, 1, 3)]
    [InlineData(1, 1, 5)]
    [InlineData(2, 1, 1)]
    [InlineData(-1, 0, 4)]
    [InlineData(0, 0, 2)]
    public void A_list_that_begins_empty_is_joined(long axis, long isNew, long trips) => DataSizesCheck.Check(
        Begin()
            .Node("SequenceEmpty", [], ["none"])
            .Node("Loop", ["m", "", "none"], ["list"], ("body", Body()
                .Node("Gather", ["x", "i"], ["row"]).Node("Tanh", ["row"], ["t"]).Node("SequenceInsert", ["s", "t"], ["s2"])
                .Output("go").Output("s2")))
            .Node("ConcatFromSequence", ["list"], ["y"], ("axis", axis), ("new_axis", isNew)).Node("SequenceLength", ["list"], ["length"])
            .Output("y").Output("length"),
        "Loop_1.trips=6", DataSizesCheck.Int(trips), ScheduleCheck.Counting(6, 2, 3));

    [Fact]
    public void Elements_are_picked_inside_and_behind() => DataSizesCheck.Check(
        Begin()
            .Initializer("first", [], 0L).Initializer("last", [], -1L)
            .Node("Gather", ["x", "first"], ["start"]).Node("SequenceConstruct", ["start"], ["one"])
            .Node("Loop", ["m", "", "one"], ["list"], ("body", Body()
                .Node("Gather", ["x", "i"], ["row"]).Node("SequenceAt", ["s", "last"], ["before"]).Node("Add", ["row", "before"], ["sum"])
                .Node("SequenceInsert", ["s", "sum"], ["s2"]).Output("go").Output("s2")))
            .Node("SequenceAt", ["list", "last"], ["y"]).Output("y"),
        "Loop_2.trips=6", DataSizesCheck.Int(4), ScheduleCheck.Counting(6, 2, 3));

    /// <summary>One branch adds to the list, the other leaves it as it is.</summary>
    [Fact]
    public void A_branch_may_add_to_a_list() => DataSizesCheck.Check(
        Begin()
            .Initializer("two", [], 2L)
            .Node("SequenceEmpty", [], ["none"])
            .Node("Loop", ["m", "", "none"], ["list"], ("body", Body()
                .Initializer("zero", [], 0L)
                .Node("Mod", ["i", "two"], ["rest"]).Node("Equal", ["rest", "zero"], ["even"])
                .Node(
                    "If",
                    ["even"],
                    ["s2"],
                    ("then_branch", new GraphBuilder().Node("Gather", ["x", "i"], ["row"]).Node("SequenceInsert", ["s", "row"], ["more"]).Output("more")),
                    ("else_branch", new GraphBuilder().Node("Identity", ["s"], ["same"]).Output("same")))
                .Output("go").Output("s2")))
            .Node("ConcatFromSequence", ["list"], ["y"], ("axis", 0L)).Output("y"),
        "Loop_1.trips=6", DataSizesCheck.Int(5), ScheduleCheck.Counting(6, 2, 3));

    [Fact]
    public void An_axis_of_the_run_is_split() => RunTimeSizesCheck.Run(
        new ModelBuilder()
            .Input("x", OnnxDataType.Float, [3L, "n"]).Initializer("last", [], -1L)
            .Node("SplitToSequence", ["x"], ["list"], ("axis", 1L), ("keepdims", 0L)).Node("SequenceAt", ["list", "last"], ["y"])
            .Node("ConcatFromSequence", ["list"], ["all"], ("axis", 0L), ("new_axis", 1L)).Output("y").Output("all"),
        "n=1..7", ["n=1", "n=4", "n=7"]);

    [Fact]
    public void A_list_may_be_an_output()
    {
        CompiledModel compiled = DataSizesCheck.Compile(
            Begin()
                .Node("SequenceEmpty", [], ["none"])
                .Node("Loop", ["m", "", "none"], ["list"], ("body", Body()
                    .Node("Gather", ["x", "i"], ["row"]).Node("SequenceInsert", ["s", "row"], ["s2"]).Output("go").Output("s2")))
                .Output("list"),
            "Loop_1.trips=6");
        compiled.RunAt([], DataSizesCheck.Int(4), ScheduleCheck.Counting(6, 2, 3))[0].Shape.ShouldBe(new Shape(4, 2, 3));
    }

    private static ModelBuilder Begin() => new ModelBuilder().Input("m", OnnxDataType.Int64).Input("x", OnnxDataType.Float, 6, 2, 3);

    private static GraphBuilder Body() => new GraphBuilder().Input("i", OnnxDataType.Int64).Input("go", OnnxDataType.Bool).Input("s", OnnxDataType.Float);
}
