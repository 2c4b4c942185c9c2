using System;
using System.Collections.Generic;
using System.Linq;
using AotCompiler.Ir;
using AotCompiler.Onnx;
using AotCompiler.Tests.Onnx;
using AotCompiler.Tests.Support;
using Shouldly;

namespace AotCompiler.Tests.Operators.Structure;

/// <summary>Sequences of tensors of different lengths, of which only a run knows how many there are and how long they are.</summary>
public sealed class SequenceJoinTests
{
    private static readonly long[] _lengths = [3, 0, 2, 4, 1];

    /// <summary>Each iteration adds the first so many rows of x, scaled by its number.</summary>
    [Theory]
    [InlineData(5)]
    [InlineData(3)]
    [InlineData(1)]
    public void A_loop_collects_tensors_of_any_length(long trips)
    {
        CompiledModel model = Collecting(static b => b
            .Node("ConcatFromSequence", ["list"], ["all"], ("axis", -2L)).Node("SequenceLength", ["list"], ["count"]).Node("SequenceAt", ["list", "at"], ["one"])
            .Output("all").Output("count").Output("one").Output("list"));
        for (long at = -trips; at < trips; at++)
        {
            IReadOnlyList<Tensor> actual = Run(model, trips, at);
            float[][] expected = Expected(trips);
            actual[0].Floats().ToArray().ShouldBe(expected.SelectMany(static e => e));
            actual[1].ToInt64Array()[0].ShouldBe(trips);
            actual[2].Shape.ShouldBe(new Shape((int)_lengths[(at + trips) % trips], 2));
            actual[2].Floats().ToArray().ShouldBe(expected[(at + trips) % trips]);
            actual[3].Floats().ToArray().ShouldBe(expected.SelectMany(static e => e));
            actual[4].ToInt64Array().ShouldBe(_lengths[..(int)trips]);
        }

        model.Result.Plan!.Schedule.Graph.Outputs.Select(static o => o.Name).ShouldBe(["all", "count", "one", "list", "list.lengths"]);
        Should.Throw<ArgumentOutOfRangeException>(() => Run(model, trips, trips));
    }

    [Theory]
    [InlineData(0L)]
    [InlineData(2L)]
    [InlineData(-1L)]
    [InlineData(null)]
    public void One_of_them_is_taken_out(long? position)
    {
        CompiledModel model = Collecting(b => b
            .Node("SequenceErase", position is null ? ["list"] : ["list", "at"], ["less"]).Node("ConcatFromSequence", ["less"], ["all"], ("axis", 0L)).Node("SequenceLength", ["less"], ["count"])
            .Output("all").Output("count"));
        IReadOnlyList<Tensor> actual = Run(model, 4, position ?? 0);
        int erased = (int)(((position ?? -1) + 4) % 4);
        actual[0].Floats().ToArray().ShouldBe(Expected(4).Where((_, i) => i != erased).SelectMany(static e => e));
        actual[1].ToInt64Array()[0].ShouldBe(3);
    }

    /// <summary>The list begins with a tensor, and grows at its beginning.</summary>
    [Fact]
    public void Tensors_go_to_the_beginning_too()
    {
        CompiledModel model = DataSizesCheck.Compile(
            Begin().Node("SequenceConstruct", ["x"], ["start"])
                .Node("Loop", ["m", "", "start"], ["list"], ("body", Part(new GraphBuilder()).Initializer("first", [], 0L).Node("SequenceInsert", ["s", "part", "first"], ["s2"]).Output("go").Output("s2")))
                .Node("ConcatFromSequence", ["list"], ["all"], ("axis", 0L)).Node("SequenceAt", ["list", "at"], ["one"]).Output("all").Output("one"),
            "Loop_1.trips=5");
        float[] x = ScheduleCheck.Counting(4, 2).Floats().ToArray();
        IReadOnlyList<Tensor> actual = Run(model, 3, -1);
        actual[0].Floats().ToArray().ShouldBe(Expected(3).Reverse().SelectMany(static e => e).Concat(x));
        actual[1].Floats().ToArray().ShouldBe(x);
    }

    /// <summary>The other branch leaves the list as it is.</summary>
    [Fact]
    public void A_branch_may_add_to_them()
    {
        CompiledModel model = DataSizesCheck.Compile(
            Begin().Initializer("two", [], 2L).Initializer("none0", [], 0L).Node("SequenceEmpty", [], ["none"])
                .Node("Loop", ["m", "", "none"], ["list"], ("body", Part(new GraphBuilder())
                    .Node("Mod", ["i", "two"], ["rest"]).Node("Equal", ["rest", "none0"], ["even"])
                    .Node(
                        "If",
                        ["even"],
                        ["s2"],
                        ("then_branch", new GraphBuilder().Node("SequenceInsert", ["s", "part"], ["more"]).Output("more")),
                        ("else_branch", new GraphBuilder().Node("Identity", ["s"], ["same"]).Output("same")))
                    .Output("go").Output("s2")))
                .Node("ConcatFromSequence", ["list"], ["all"], ("axis", 0L)).Node("SequenceLength", ["list"], ["count"]).Output("all").Output("count"),
            "Loop_1.trips=5");
        IReadOnlyList<Tensor> actual = Run(model, 5, 0);
        actual[0].Floats().ToArray().ShouldBe(Expected(5).Where(static (_, i) => i % 2 == 0).SelectMany(static e => e));
        actual[1].ToInt64Array()[0].ShouldBe(3);
    }

    [Fact]
    public void Tensors_that_differ_in_two_axes_are_refused() => OperatorCheck.Fails(
            Begin().Node("SequenceEmpty", [], ["none"])
                .Node("Loop", ["m", "", "none"], ["list"], ("body", Part(new GraphBuilder())
                    .Node("Transpose", ["part"], ["turned"]).Node("MatMul", ["part", "turned"], ["square"]).Node("SequenceInsert", ["s", "square"], ["s2"]).Output("go").Output("s2")))
                .Node("SequenceAt", ["list", "at"], ["y"]).Output("y"))
        .Message.ShouldContain("more than one axis");

    private static CompiledModel Collecting(Func<ModelBuilder, ModelBuilder> behind) => DataSizesCheck.Compile(
        behind(Begin().Node("SequenceEmpty", [], ["none"])
            .Node("Loop", ["m", "", "none"], ["list"], ("body", Part(new GraphBuilder()).Node("SequenceInsert", ["s", "part"], ["s2"]).Output("go").Output("s2")))),
        "Loop_1.trips=5");

    private static ModelBuilder Begin() => new ModelBuilder()
        .Input("m", OnnxDataType.Int64).Input("at", OnnxDataType.Int64).Input("lengths", OnnxDataType.Int64, 5).Input("x", OnnxDataType.Float, 4, 2);

    private static GraphBuilder Part(GraphBuilder body) => body
        .Input("i", OnnxDataType.Int64).Input("go", OnnxDataType.Bool).Input("s", OnnxDataType.Float).Initializer("zero", [1], 0L)
        .Node("Unsqueeze", ["i", "zero"], ["at1"]).Node("Gather", ["lengths", "at1"], ["length"]).Node("Slice", ["x", "zero", "length", "zero"], ["rows"])
        .Node("Cast", ["i"], ["number"], ("to", 1)).Node("Mul", ["rows", "number"], ["part"]);

    private static IReadOnlyList<Tensor> Run(CompiledModel model, long trips, long at)
    {
        var inputs = new Dictionary<string, Tensor>
        {
            ["m"] = DataSizesCheck.Int(trips),
            ["at"] = DataSizesCheck.Int(at),
            ["lengths"] = Tensor.Vector(_lengths),
            ["x"] = ScheduleCheck.Counting(4, 2),
        };
        return model.RunAt([], model.Graph.Inputs.Select(v => inputs[v.Name]).ToArray());
    }

    private static float[][] Expected(long trips) => Enumerable.Range(0, (int)trips)
        .Select(static i => ScheduleCheck.Counting(4, 2).Floats().ToArray().Take(2 * (int)_lengths[i]).Select(v => v * i).ToArray())
        .ToArray();
}
