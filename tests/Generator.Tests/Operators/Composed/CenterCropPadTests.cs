using System.Linq;
using AotCompiler.Diagnostics;
using AotCompiler.Ir;
using AotCompiler.Onnx;
using AotCompiler.Tests.Onnx;
using AotCompiler.Tests.Support;
using Shouldly;

namespace AotCompiler.Tests.Operators.Composed;

public sealed class CenterCropPadTests
{
    [Fact]
    public void Crops_and_pads() => ScheduleCheck.Evaluate(
            new ModelBuilder(18).Input("x", OnnxDataType.Float, 5, 2).Initializer("s", [2], 2L, 3).Node("CenterCropPad", ["x", "s"], ["y"]).Output("y"), ScheduleCheck.Counting(5, 2))
        .Floats().ToArray().ShouldBe([2f, 3, 0, 4, 5, 0]);

    [Theory]
    [InlineData(3, 7)]
    [InlineData(8, 2)]
    public void Of_chosen_axes(long rows, long columns) => OperatorCheck.Run(new ModelBuilder(18)
        .Input("x", OnnxDataType.Float, 6, 5, 3).Initializer("s", [2], rows, columns).Node("CenterCropPad", ["x", "s"], ["y"], ("axes", new long[] { 0, -2 })).Output("y"));
}
