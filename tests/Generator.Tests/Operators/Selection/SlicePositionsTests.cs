using System;
using AotCompiler.Ir;
using AotCompiler.Onnx;
using AotCompiler.Tests.Onnx;
using AotCompiler.Tests.Support;
using Shouldly;
using static AotCompiler.Tests.Support.DataSizesCheck;

namespace AotCompiler.Tests.Operators.Selection;

/// <summary>What slices take whose bounds are data.</summary>
public sealed class SlicePositionsTests
{
    [Theory]
    [InlineData(0, 10)]
    [InlineData(2, 5)]
    [InlineData(-3, 9)]
    [InlineData(5, 2)]
    [InlineData(-100, 100)]
    public void Slice_takes_bounds_of_the_run(long start, long end) => Check(
        new ModelBuilder()
            .Input("x", OnnxDataType.Float, 3, 10).Input("s", OnnxDataType.Int64, 1).Input("e", OnnxDataType.Int64, 1)
            .Initializer("axis", [1], 1L)
            .Node("Slice", ["x", "s", "e", "axis"], ["t"]).Node("Neg", ["t"], ["y"]).Output("y"),
        string.Empty, ScheduleCheck.Counting(3, 10), Ints(start), Ints(end));

    [Fact]
    public void Slice_takes_steps_of_the_run() => Check(
        new ModelBuilder()
            .Input("x", OnnxDataType.Float, 6, 10).Input("s", OnnxDataType.Int64, 2).Input("e", OnnxDataType.Int64, 2).Input("d", OnnxDataType.Int64, 2)
            .Initializer("axes", [2], 0L, 1L)
            .Node("Slice", ["x", "s", "e", "axes", "d"], ["y"]).Output("y"),
        string.Empty, ScheduleCheck.Counting(6, 10), Ints(5, 1), Ints(0, 9), Ints(-2, 3));

    [Fact]
    public void A_part_of_fixed_length_has_a_fixed_shape()
    {
        ModelBuilder model = new ModelBuilder()
            .Input("x", OnnxDataType.Float, 6, 4).Input("s", OnnxDataType.Int64, 1)
            .Initializer("two", [1], 2L).Initializer("axis", [1], 0L)
            .Node("Add", ["s", "two"], ["e"]).Node("Slice", ["x", "s", "e", "axis"], ["y"]).Output("y");
        Check(model, string.Empty, ScheduleCheck.Counting(6, 4), Ints(4));
        CompiledModel compiled = Compile(model, string.Empty);
        compiled.Graph.Outputs[0].Value.Shape.ShouldBe(new Shape(2, 4));
        Should.Throw<ArgumentOutOfRangeException>(() => compiled.Run(ScheduleCheck.Counting(6, 4), Ints(5)));
    }

    [Theory]
    [InlineData(3, 3, 4)]
    [InlineData(1, 9, 0)]
    public void Split_takes_sizes_of_the_run(long a, long b, long c) => Check(
        new ModelBuilder()
            .Input("x", OnnxDataType.Float, 10, 3).Input("s", OnnxDataType.Int64, 3)
            .Node("Split", ["x", "s"], ["a", "b", "c"], ("axis", 0)).Node("Neg", ["b"], ["d"]).Output("a").Output("d").Output("c"),
        string.Empty, ScheduleCheck.Counting(10, 3), Ints(a, b, c));
}
