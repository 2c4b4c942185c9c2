using System.Linq;
using AotCompiler.Diagnostics;
using AotCompiler.Onnx;
using AotCompiler.Tests.Onnx;
using AotCompiler.Tests.Support;
using Shouldly;

namespace AotCompiler.Tests.Operators;

public sealed class QLinearConvTests
{
    [Theory]
    [InlineData(1, 20)]
    [InlineData(4, 8)]
    public void ChannelsHaveScales(int groups, int outputs)
    {
        float[] scales = Enumerable.Range(1, outputs).Select(static i => 0.001f * i).ToArray();
        OperatorCheck.Run(
            new ModelBuilder().Input("x", OnnxDataType.UInt8, 2, 8, 7, 6).RandomCodes("w", OnnxDataType.Int8, outputs, 8 / groups, 3, 3).Quantization("x", 0.02f, 100)
                .Initializer("ws", [outputs], scales).RawInitializer("wz", OnnxDataType.Int8, [outputs], new byte[outputs]).Quantization("y", 0.1f, 128)
                .Initializer("b", [outputs], Enumerable.Range(-3, outputs).Select(static i => i * 100).ToArray())
                .Node("QLinearConv", ["x", "xs", "xz", "w", "ws", "wz", "ys", "yz", "b"], ["y"], ("group", groups), ("pads", new long[] { 1, 1, 1, 1 })).Output("y"),
            low: 0,
            high: 255,
            absolute: 1);
    }

    [Fact]
    public void DepthwiseWithoutBias() => OperatorCheck.Run(
        new ModelBuilder().Input("x", OnnxDataType.Int8, 1, 16, 9, 9).RandomCodes("w", OnnxDataType.Int8, 16, 1, 3, 3)
            .Quantization("x", 0.02f, -5, OnnxDataType.Int8).Quantization("w", 0.01f, 3, OnnxDataType.Int8).Quantization("y", 0.05f, 0, OnnxDataType.Int8)
            .Node("QLinearConv", ["x", "xs", "xz", "w", "ws", "wz", "ys", "yz"], ["y"], ("group", 16), ("strides", new long[] { 2, 2 })).Output("y"), low: -128, high: 127, absolute: 1);

    [Fact]
    public void RefusesABiasOfAnotherLength() => OperatorCheck.Fails(new ModelBuilder()
        .Input("x", OnnxDataType.UInt8, 1, 2, 4, 4).RandomCodes("w", OnnxDataType.UInt8, 3, 2, 1, 1).Quantization("x", 1, 0).Initializer("b", [2], [1, 2])
        .Node("QLinearConv", ["x", "xs", "xz", "w", "xs", "xz", "xs", "xz", "b"], ["y"]).Output("y")).Code.ShouldBe(DiagnosticCodes.ShapeMismatch);
}
