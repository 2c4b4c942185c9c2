using System;
using System.Collections.Generic;
using System.Linq;
using AotCompiler.Compiler;
using AotCompiler.Diagnostics;
using AotCompiler.Ir;
using AotCompiler.Onnx;
using AotCompiler.Tests.Onnx;
using AotCompiler.Tests.Support;
using Shouldly;

namespace AotCompiler.Tests.Operators.Structure;

public sealed class SplitToSequenceTests
{
    [Theory]
    [InlineData(new long[] { 2, 4 }, 1)]
    [InlineData(new long[] { 0, 5, 1 }, -1)]
    [InlineData(new long[] { 1, 2 }, 0)]
    public void By_lengths(long[] lengths, int axis)
    {
        ModelBuilder model = Model().Initializer("l", [lengths.Length], lengths).Node("SplitToSequence", ["x", "l"], ["s"], ("axis", axis)).Output("s");
        OperatorCheck.Import(model.ToBytes()).Outputs.Select(o => (long)o.Value.Shape[axis < 0 ? axis + 2 : axis]).ShouldBe(lengths);
        OperatorCheck.Run(model);
    }

    [Fact]
    public void By_chunks() => OperatorCheck.Import(Model().Initializer("l", [], 4L).Node("SplitToSequence", ["x", "l"], ["s"], ("axis", 1)).Output("s").ToBytes())
        .Outputs.Select(static o => o.Value.Shape.ToString()).ShouldBe(["[3, 4]", "[3, 2]"]);

    [Theory]
    [InlineData(0, "[6]")]
    [InlineData(1, "[1, 6]")]
    public void Into_single_rows(int keep, string shape) => OperatorCheck.Import(Model().Node("SplitToSequence", ["x"], ["s"], ("keepdims", keep)).Output("s").ToBytes())
        .Outputs.Select(static o => o.Value.Shape.ToString()).ShouldBe([shape, shape, shape]);

    [Fact]
    public void Lengths_must_fit() => OperatorCheck.Fails(Model().Initializer("l", [2], 1L, 1).Node("SplitToSequence", ["x", "l"], ["s"]).Output("s")).Code.ShouldBe(DiagnosticCodes.ShapeMismatch);

    /// <summary>As many tensors as there are lengths, which are data.</summary>
    [Theory]
    [InlineData(new long[] { 2, 4 }, 1)]
    [InlineData(new long[] { 0, 5, 1 }, -1)]
    [InlineData(new long[] { 1, 2 }, 0)]
    public void By_lengths_of_the_run(long[] lengths, int axis)
    {
        CompiledModel model = CompiledModel.Compile(Model().Input("l", OnnxDataType.Int64, lengths.Length).Node("SplitToSequence", ["x", "l"], ["s"], ("axis", axis)).Output("s").ToBytes());
        CompiledModel constant = CompiledModel.Compile(Model().Initializer("l", [lengths.Length], lengths).Node("SplitToSequence", ["x", "l"], ["s"], ("axis", axis)).Output("s").ToBytes());
        Tensor x = ScheduleCheck.Counting(3, 6);
        IReadOnlyList<Tensor> actual = model.RunAt([], x, Tensor.Vector(lengths));
        IReadOnlyList<Tensor> expected = constant.RunAt([], x);
        for (int i = 0; i < lengths.Length; i++)
        {
            actual[i].Shape.ShouldBe(expected[i].Shape);
            actual[i].Floats().ToArray().ShouldBe(expected[i].Floats().ToArray());
        }

        Should.Throw<ArgumentOutOfRangeException>(() => model.RunAt([], x, Tensor.Vector(lengths.Select(static l => l + 1).ToArray())));
    }

    /// <summary>Where there are many, they stay side by side.</summary>
    [Fact]
    public void By_many_lengths_of_the_run()
    {
        CompiledModel model = CompiledModel.Compile(new ModelBuilder().Input("x", OnnxDataType.Float, 20_000).Input("l", OnnxDataType.Int64, 1_000).Input("at", OnnxDataType.Int64)
            .Node("SplitToSequence", ["x", "l"], ["s"]).Node("SequenceAt", ["s", "at"], ["y"]).Node("SequenceLength", ["s"], ["n"]).Output("y").Output("n").ToBytes());
        long[] lengths = Enumerable.Range(0, 1_000).Select(static i => 20L + (i % 2 == 0 ? 1 : -1)).ToArray();
        IReadOnlyList<Tensor> actual = model.RunAt([], ScheduleCheck.Counting(20_000), Tensor.Vector(lengths), DataSizesCheck.Int(501));
        actual[0].Floats().ToArray().ShouldBe(Enumerable.Range(10_021, 19).Select(static i => (float)i).ToArray());
        actual[1].ToInt64Array()[0].ShouldBe(1_000);
    }

    /// <summary>How many parts there are is the run's too.</summary>
    [Fact]
    public void By_as_many_lengths_as_a_run_has()
    {
        CompiledModel model = DataSizesCheck.Compile(
            Model().Input("l", OnnxDataType.Int64, ["k"]).Input("at", OnnxDataType.Int64).Node("SplitToSequence", ["x", "l"], ["s"], ("axis", 1))
                .Node("SequenceAt", ["s", "at"], ["y"]).Node("SequenceLength", ["s"], ["n"]).Node("ConcatFromSequence", ["s"], ["all"], ("axis", 1)).Output("y").Output("n").Output("all"),
            "k=1..4");
        IReadOnlyList<Tensor> actual = model.RunAt([3], ScheduleCheck.Counting(3, 6), Tensor.Vector(1, 2, 3), DataSizesCheck.Int(-2));
        actual[0].Shape.ShouldBe(new Shape(3, 2));
        actual[0].Floats().ToArray().ShouldBe([1f, 2f, 7f, 8f, 13f, 14f]);
        actual[1].ToInt64Array()[0].ShouldBe(3);
        actual[2].Floats().ToArray().ShouldBe(ScheduleCheck.Counting(3, 6).Floats().ToArray());
        Should.Throw<ArgumentOutOfRangeException>(() => model.RunAt([3], ScheduleCheck.Counting(3, 6), Tensor.Vector(1, 2, 2), DataSizesCheck.Int(0)));
    }

    /// <summary>An axis of the run in parts of 3, and the rest.</summary>
    [Fact]
    public void By_chunks_of_an_axis_of_the_run() => RunTimeSizesCheck.Run(
        new ModelBuilder().Input("x", OnnxDataType.Float, [2, "n"]).Initializer("three", [], 3L).Initializer("last", [], -1L).Initializer("first", [], 0L)
            .Node("SplitToSequence", ["x", "three"], ["s"], ("axis", 1)).Node("SequenceAt", ["s", "last"], ["y"]).Node("SequenceAt", ["s", "first"], ["z"])
            .Node("SequenceLength", ["s"], ["count"]).Node("ConcatFromSequence", ["s"], ["all"], ("axis", 1)).Output("y").Output("z").Output("count").Output("all"),
        "n=1..8",
        ["n=1", "n=3", "n=7", "n=8"]);

    /// <summary>Parts of a length that is data.</summary>
    [Theory]
    [InlineData(1, 6)]
    [InlineData(4, 2)]
    [InlineData(9, 1)]
    public void By_chunks_of_the_run(long chunk, long parts)
    {
        CompiledModel model = CompiledModel.Compile(Model().Input("c", OnnxDataType.Int64).Initializer("last", [], -1L).Node("SplitToSequence", ["x", "c"], ["s"], ("axis", 1))
            .Node("SequenceAt", ["s", "last"], ["y"]).Node("SequenceLength", ["s"], ["n"]).Output("y").Output("n").ToBytes());
        IReadOnlyList<Tensor> actual = model.RunAt([], ScheduleCheck.Counting(3, 6), DataSizesCheck.Int(chunk));
        actual[0].Shape[1].ShouldBe((int)(6 - ((parts - 1) * chunk)));
        actual[0].Floats()[0].ShouldBe((parts - 1) * chunk);
        actual[1].ToInt64Array()[0].ShouldBe(parts);
        Should.Throw<ArgumentOutOfRangeException>(() => model.RunAt([], ScheduleCheck.Counting(3, 6), DataSizesCheck.Int(0)));
    }

    /// <summary>Constant lengths that an axis of the run has to fit.</summary>
    [Fact]
    public void Lengths_of_an_axis_of_the_run()
    {
        CompiledModel model = DataSizesCheck.Compile(
            new ModelBuilder().Input("x", OnnxDataType.Float, [2, "n"]).Initializer("l", [2], 2L, 3L).Node("SplitToSequence", ["x", "l"], ["s"], ("axis", 1)).Output("s"), "n=5..8");
        model.RunAt([5], ScheduleCheck.Counting(2, 5))[1].Floats().ToArray().ShouldBe([2f, 3f, 4f, 7f, 8f, 9f]);
        Should.Throw<ArgumentOutOfRangeException>(() => model.RunAt([6], ScheduleCheck.Counting(2, 6)));
    }

    [Fact]
    public void The_number_of_parts_is_bounded() => OperatorCheck.Fails(new ModelBuilder().Input("x", OnnxDataType.Float, 10_000).Node("SplitToSequence", ["x"], ["s"]).Output("s")).Code.ShouldBe(DiagnosticCodes.TooLarge);

    private static ModelBuilder Model() => new ModelBuilder().Input("x", OnnxDataType.Float, 3, 6);
}
