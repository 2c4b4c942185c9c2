using AotCompiler.Diagnostics;
using AotCompiler.Ir;
using AotCompiler.Onnx;
using AotCompiler.Tests.Onnx;
using AotCompiler.Tests.Support;
using Shouldly;

namespace AotCompiler.Tests.Operators.Movement;

public sealed class SpaceToDepthTests
{
    [Theory]
    [InlineData(2, 3, 4, 6)]
    [InlineData(3, 2, 9, 6)]
    [InlineData(1, 4, 2, 2)]
    public void MovesPixels(int block, int channels, int height, int width) => OperatorCheck.Run(new ModelBuilder()
        .Input("x", OnnxDataType.Float, 2, channels, height, width)
        .Node("SpaceToDepth", ["x"], ["y"], ("blocksize", block))
        .Output("y"));

    [Fact]
    public void Evaluates() => ScheduleCheck.Evaluate(
        new ModelBuilder().Input("x", OnnxDataType.Float, 1, 1, 2, 4).Node("SpaceToDepth", ["x"], ["y"], ("blocksize", 2)).Output("y"),
        ScheduleCheck.Counting(1, 1, 2, 4)).Floats().ToArray().ShouldBe([0f, 2f, 1f, 3f, 4f, 6f, 5f, 7f]);

    [Fact]
    public void RefusesSizesThatDoNotDivide() => OperatorCheck.Fails(new ModelBuilder()
        .Input("x", OnnxDataType.Float, 1, 4, 3, 2)
        .Node("SpaceToDepth", ["x"], ["y"], ("blocksize", 2))
        .Output("y")).Code.ShouldBe(DiagnosticCodes.ShapeMismatch);
}
