using AotCompiler.Diagnostics;
using AotCompiler.Ir;
using AotCompiler.Onnx;
using AotCompiler.Tests.Onnx;
using AotCompiler.Tests.Support;
using Shouldly;

namespace AotCompiler.Tests.Operators.Movement;

public sealed class ExpandTests
{
    [Theory]
    [InlineData(new long[] { 3, 1 }, new long[] { 2, 1, 6 })]
    [InlineData(new long[] { 3, 1 }, new long[] { 3, 4 })]
    [InlineData(new long[] { 3, 4 }, new long[] { 1 })]
    [InlineData(new long[] { }, new long[] { 5, 3 })]
    [InlineData(new long[] { 1, 37 }, new long[] { 9, 37 })]
    [InlineData(new long[] { 1 }, new long[] { 0 })]
    public void Repeats(long[] input, long[] shape)
    {
        OperatorCheck.Run(Model(OnnxDataType.Float, input, shape));
        OperatorCheck.Run(Model(OnnxDataType.Int64, input, shape));
        OperatorCheck.Run(Model(OnnxDataType.Bool, input, shape));
    }

    [Fact]
    public void IsAView() => ScheduleCheck.RunAndCountCopies(new ModelBuilder()
        .Input("x", OnnxDataType.Float, 3, 1)
        .Initializer("s", [2], 3L, 64L)
        .Node("Expand", ["x", "s"], ["t"])
        .Node("Relu", ["t"], ["y"])
        .Output("y")).ShouldBe(0);

    [Fact]
    public void RefusesShapesThatDoNotBroadcast() =>
        OperatorCheck.Fails(Model(OnnxDataType.Float, [3, 2], [3, 4])).Code.ShouldBe(DiagnosticCodes.ShapeMismatch);

    private static ModelBuilder Model(OnnxDataType type, long[] input, long[] shape) => new ModelBuilder()
        .Input("x", type, input)
        .Initializer("s", [shape.Length], shape)
        .Node("Expand", ["x", "s"], ["y"])
        .Output("y");
}
