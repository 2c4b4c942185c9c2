using System.Linq;
using AotCompiler.Diagnostics;
using AotCompiler.Ir;
using AotCompiler.Onnx;
using AotCompiler.Tests.Onnx;
using AotCompiler.Tests.Support;
using Shouldly;

namespace AotCompiler.Tests.Operators.Composed;

public sealed class ShrinkTests
{
    [Fact]
    public void Shrinks() => OperatorCheck.Run(new ModelBuilder().Input("x", OnnxDataType.Float, 37).Node("Shrink", ["x"], ["y"], ("lambd", 1f), ("bias", 0.5f)).Output("y"));

    [Fact]
    public void Is_what_it_says() => ScheduleCheck.Evaluate(
        new ModelBuilder().Input("x", OnnxDataType.Float, 4).Node("Shrink", ["x"], ["y"], ("lambd", 1.5f), ("bias", 1f)).Output("y"), ScheduleCheck.Counting(4)).Floats().ToArray().ShouldBe([0f, 0, 1, 2]);
}
