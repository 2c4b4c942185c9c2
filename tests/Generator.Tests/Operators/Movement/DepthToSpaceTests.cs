using AotCompiler.Diagnostics;
using AotCompiler.Ir;
using AotCompiler.Onnx;
using AotCompiler.Tests.Onnx;
using AotCompiler.Tests.Support;
using Shouldly;

namespace AotCompiler.Tests.Operators.Movement;

public sealed class DepthToSpaceTests
{
    [Theory]
    [InlineData("DCR", 2, 12, 3, 5)]
    [InlineData("CRD", 2, 12, 3, 5)]
    [InlineData("CRD", 3, 9, 7, 8)]
    [InlineData("DCR", 1, 4, 2, 2)]
    public void MovesChannels(string mode, int block, int channels, int height, int width) => OperatorCheck.Run(new ModelBuilder()
        .Input("x", OnnxDataType.Float, 2, channels, height, width)
        .Node("DepthToSpace", ["x"], ["y"], ("blocksize", block), ("mode", mode))
        .Output("y"));

    [Fact]
    public void HandlesNoChannels() => OperatorCheck.Run(new ModelBuilder()
        .Input("x", OnnxDataType.Float, 2, 0, 3, 1).Node("DepthToSpace", ["x"], ["y"], ("blocksize", 2)).Output("y"));

    [Fact]
    public void EvaluatesBothModes()
    {
        // Channels 0..7 of one pixel, two blocks of 2 × 2.
        Evaluate("DCR").ShouldBe([0f, 2f, 4f, 6f, 1f, 3f, 5f, 7f]);
        Evaluate("CRD").ShouldBe([0f, 1f, 2f, 3f, 4f, 5f, 6f, 7f]);

        static float[] Evaluate(string mode) => ScheduleCheck.Evaluate(
            new ModelBuilder().Input("x", OnnxDataType.Float, 1, 8, 1, 1).Node("DepthToSpace", ["x"], ["y"], ("blocksize", 2), ("mode", mode)).Output("y"),
            ScheduleCheck.Counting(1, 8, 1, 1)).Floats().ToArray();
    }

    [Theory]
    [InlineData("DCR")]
    [InlineData("CRD")]
    public void StaysInChannelBlocks(string mode) => BlockedModels.Run(
        BlockedModels.Start(80, 5, 6).Node("DepthToSpace", ["b"], ["r"], ("blocksize", 2), ("mode", mode)).Node("Relu", ["r"], ["y"]).Output("y"),
        "r");

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    [InlineData(1 << 20)]
    public void RefusesBadBlocks(int block) => OperatorCheck.Fails(new ModelBuilder()
        .Input("x", OnnxDataType.Float, 1, 4, 2, 2)
        .Node("DepthToSpace", ["x"], ["y"], ("blocksize", block))
        .Output("y")).Code.ShouldBeOneOf(DiagnosticCodes.ShapeMismatch, DiagnosticCodes.GraphMalformed);
}
