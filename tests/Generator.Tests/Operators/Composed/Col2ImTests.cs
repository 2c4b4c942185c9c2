using System.Linq;
using AotCompiler.Diagnostics;
using AotCompiler.Ir;
using AotCompiler.Onnx;
using AotCompiler.Tests.Onnx;
using AotCompiler.Tests.Support;
using Shouldly;

namespace AotCompiler.Tests.Operators.Composed;

public sealed class Col2ImTests
{
    [Fact]
    public void Adds_what_overlaps() => ScheduleCheck.Evaluate(
            new ModelBuilder(18).Input("x", OnnxDataType.Float, 1, 2, 3).Initializer("i", [1], 4L).Initializer("b", [1], 2L).Node("Col2Im", ["x", "i", "b"], ["y"]).Output("y"), ScheduleCheck.Counting(1, 2, 3))
        .Floats().ToArray().ShouldBe([0f, 4, 6, 5]);

    [Fact]
    public void With_strides_and_pads() => OperatorCheck.Run(new ModelBuilder(18)
        .Input("x", OnnxDataType.Float, 2, 12, 9).Initializer("i", [2], 6L, 6).Initializer("b", [2], 2L, 2)
        .Node("Col2Im", ["x", "i", "b"], ["y"], ("strides", new long[] { 2, 2 }), ("pads", new long[] { 0, 0, 0, 0 })).Output("y"));
}
