using AotCompiler.Diagnostics;
using AotCompiler.Ir;
using AotCompiler.Onnx;
using AotCompiler.Tests.Onnx;
using AotCompiler.Tests.Support;
using Shouldly;

namespace AotCompiler.Tests.Operators.Movement;

public sealed class IdentityTests
{
    [Theory]
    [InlineData((int)OnnxDataType.Float)]
    [InlineData((int)OnnxDataType.Int64)]
    [InlineData((int)OnnxDataType.UInt8)]
    [InlineData((int)OnnxDataType.Bool)]
    [InlineData((int)OnnxDataType.Int16)]
    public void CopiesItsInput(int type) => OperatorCheck.Run(new ModelBuilder().Input("x", (OnnxDataType)type, 3, 37).Node("Identity", ["x"], ["y"]).Output("y"));

    [Fact]
    public void CostsNothingInTheMiddle() => ScheduleCheck.RunAndCountCopies(new ModelBuilder()
        .Input("x", OnnxDataType.Float, 3, 37)
        .Node("Relu", ["x"], ["a"])
        .Node("Identity", ["a"], ["b"])
        .Node("Relu", ["b"], ["y"])
        .Output("y")).ShouldBe(0);

    [Fact]
    public void HandlesScalarsAndEmptyTensors()
    {
        OperatorCheck.Run(new ModelBuilder().Input("x", OnnxDataType.Float).Node("Identity", ["x"], ["y"]).Output("y"));
        OperatorCheck.Run(new ModelBuilder().Input("x", OnnxDataType.Float, 0, 3).Node("Identity", ["x"], ["y"]).Output("y"));
    }
}
