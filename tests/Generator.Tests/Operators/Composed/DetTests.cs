using System.Linq;
using AotCompiler.Diagnostics;
using AotCompiler.Ir;
using AotCompiler.Onnx;
using AotCompiler.Tests.Onnx;
using AotCompiler.Tests.Support;
using Shouldly;

namespace AotCompiler.Tests.Operators.Composed;

public sealed class DetTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(5)]
    [InlineData(16)]
    [InlineData(19)]
    public void Of_a_batch(int size) => OperatorCheck.Run(
        new ModelBuilder().Input("x", OnnxDataType.Float, 2, 3, size, size).Node("Det", ["x"], ["y"]).Output("y"), relative: 1e-3, absolute: 1e-3);

    [Fact]
    public void Is_what_it_says() => ScheduleCheck.Evaluate(
        new ModelBuilder().Input("x", OnnxDataType.Float, 3, 3).Initializer("d", [3, 3], 1f, 0, 2, 0, 3, 0, 0, 0, 1).Node("Add", ["x", "d"], ["z"]).Node("Det", ["z"], ["y"]).Output("y"), ScheduleCheck.Counting(3, 3))
        .Floats()[0].ShouldBe(1f * ((7f * 9f) - (5f * 7f)) - (1f * ((3f * 9f) - (5f * 6f))) + (4f * ((3f * 7f) - (7f * 6f))));
}
