using AotCompiler.Diagnostics;
using AotCompiler.Onnx;
using AotCompiler.Tests.Onnx;
using AotCompiler.Tests.Support;
using Shouldly;

namespace AotCompiler.Tests.Operators;

public sealed class LRNTests
{
    [Theory]
    [InlineData(5L, 0.75f)]
    [InlineData(4L, 0.5f)]
    [InlineData(1L, 1f)]
    [InlineData(30L, 0.6f)]
    public void DividesByNeighbours(long size, float beta) => OperatorCheck.Run(new ModelBuilder()
        .Input("x", OnnxDataType.Float, 2, 7, 5, 9)
        .Input("d", OnnxDataType.Double, 2, 7)
        .Node("LRN", ["x"], ["y"], ("size", size), ("beta", beta), ("alpha", 0.5f), ("bias", 2f))
        .Node("LRN", ["d"], ["e"], ("size", size), ("beta", beta))
        .Output("y").Output("e"));

    [Theory]
    [InlineData(5L, "x", (int)OnnxDataType.Float)]
    [InlineData(3L, "h", (int)OnnxDataType.Float)]
    [InlineData(4L, "h", (int)OnnxDataType.Double)]
    public void OfAnyNumberOfChannels(long size, string height, int type) => RunTimeSizesCheck.Run(
        new ModelBuilder().Input("x", (OnnxDataType)type, height == "h" ? ["n", "c", "h", 3] : ["n", "c", 5, 3])
            .Node("LRN", ["x"], ["y"], ("size", size), ("alpha", 0.5f)).Output("y"),
        height == "h" ? "n=1..2;c=1..7;h=1..5" : "n=1..2;c=1..7",
        height == "h" ? ["n=1;c=1;h=1", "n=2;c=7;h=5", "n=2;c=4;h=3"] : ["n=1;c=1", "n=2;c=7", "n=2;c=4"]);

    [Fact]
    public void RefusesANegativeSize() => OperatorCheck.Fails(new ModelBuilder()
        .Input("x", OnnxDataType.Float, 3, 2, 2)
        .Node("LRN", ["x"], ["y"], ("size", -3))
        .Output("y")).Code.ShouldBe(DiagnosticCodes.GraphMalformed);
}
