using AotCompiler.Diagnostics;
using AotCompiler.Onnx;
using AotCompiler.Tests.Onnx;
using AotCompiler.Tests.Support;
using Shouldly;

namespace AotCompiler.Tests.Operators;

public sealed class PReluTests
{
    [Theory]
    [InlineData(new long[] { 2, 3, 5, 7 }, new long[] { 3, 1, 1 })]
    [InlineData(new long[] { 2, 3, 5, 7 }, new long[] { 7 })]
    [InlineData(new long[] { 2, 3, 5, 7 }, new long[] { 2, 3, 5, 7 })]
    [InlineData(new long[] { 37 }, new long[] { 1 })]
    [InlineData(new long[] { }, new long[] { })]
    public void BroadcastsTheSlope(long[] x, long[] slope) => ElementwiseCheck.Run(new ModelBuilder()
        .Input("x", OnnxDataType.Float, x).Input("s", OnnxDataType.Float, slope).Node("PRelu", ["x", "s"], ["y"]).Output("y"));

    [Fact]
    public void KnownValues()
    {
        ElementwiseCheck.Evaluate("PRelu", OnnxDataType.Float, [[-2, 0, 3], [0.5, 0.5, 0.5]]).ShouldBe([-1, 0, 3]);
        ElementwiseCheck.Evaluate("PRelu", OnnxDataType.Int32, [[-2, 0, 3], [3, 3, 3]]).ShouldBe([-6, 0, 3]);
    }

    [Fact]
    public void TakesASlopePerChannelInOldOpsets() => OperatorCheck.Run(new ModelBuilder(6)
        .Input("x", OnnxDataType.Float, 2, 3, 5, 7).Input("s", OnnxDataType.Float, 3).Node("PRelu", ["x", "s"], ["y"]).Output("y"));

    [Fact]
    public void BecomesLeakyReluForOneSlope() => ElementwiseCheck.Optimised(new ModelBuilder()
        .Input("x", OnnxDataType.Float, 2, 3).Initializer("s", [1], 0.25f).Node("PRelu", ["x", "s"], ["y"]).Output("y")).ShouldBe(["LeakyRelu"]);

    [Fact]
    public void RefusesASlopeThatEnlarges() => OperatorCheck.Fails(new ModelBuilder()
        .Input("x", OnnxDataType.Float, 3).Input("s", OnnxDataType.Float, 2, 3).Node("PRelu", ["x", "s"], ["y"]).Output("y")).Code.ShouldBe(DiagnosticCodes.ShapeMismatch);
}
