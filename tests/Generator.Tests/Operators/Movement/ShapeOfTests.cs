using AotCompiler.Diagnostics;
using AotCompiler.Ir;
using AotCompiler.Onnx;
using AotCompiler.Tests.Onnx;
using AotCompiler.Tests.Support;
using Shouldly;

namespace AotCompiler.Tests.Operators.Movement;

public sealed class ShapeOfTests
{
    [Theory]
    [InlineData(null, null, new long[] { 2, 3, 4 })]
    [InlineData(1, null, new long[] { 3, 4 })]
    [InlineData(-1, null, new long[] { 4 })]
    [InlineData(0, -1, new long[] { 2, 3 })]
    [InlineData(2, 1, new long[] { })]
    [InlineData(-10, 10, new long[] { 2, 3, 4 })]
    public void GivesDimensions(int? start, int? end, long[] expected)
    {
        var attributes = new System.Collections.Generic.List<(string, object)>();
        if (start is { } s)
        {
            attributes.Add(("start", s));
        }

        if (end is { } e)
        {
            attributes.Add(("end", e));
        }

        ModelBuilder model = new ModelBuilder().Input("x", OnnxDataType.Float, 2, 3, 4).Node("Shape", ["x"], ["y"], [.. attributes]).Output("y");
        ScheduleCheck.Evaluate(model, ScheduleCheck.Counting(2, 3, 4)).ToInt64Array().ShouldBe(expected);
        OperatorCheck.Run(model);
    }

    [Fact]
    public void IsAConstantThatShapesMayDependOn() => OperatorCheck.Run(new ModelBuilder()
        .Input("x", OnnxDataType.Float, 2, 3, 4)
        .Input("z", OnnxDataType.Float, 24)
        .Node("Shape", ["x"], ["s"])
        .Node("Reshape", ["z", "s"], ["y"])
        .Output("y"));
}
