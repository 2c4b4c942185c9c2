using AotCompiler.Diagnostics;
using AotCompiler.Onnx;
using AotCompiler.Tests.Onnx;
using AotCompiler.Tests.Support;
using Shouldly;

namespace AotCompiler.Tests.Operators;

public sealed class ConvIntegerTests
{
    [Theory]
    [InlineData(3)]
    [InlineData(40)]
    public void SumsAreExact(int channels) => OperatorCheck.Run(
        new ModelBuilder().Input("x", OnnxDataType.UInt8, 1, channels, 6, 5).RandomCodes("w", OnnxDataType.UInt8, 4, channels, 3, 3).Quantization("x", 1, 255).Quantization("w", 1, 9)
            .Node("ConvInteger", ["x", "w", "xz", "wz"], ["y"], ("pads", new long[] { 1, 0, 1, 0 })).Output("y"), low: 0, high: 256, relative: 0, absolute: 0);

    [Fact]
    public void RefusesRealNumbers() => OperatorCheck.Fails(new ModelBuilder()
        .Input("x", OnnxDataType.Float, 1, 2, 4, 4).RandomCodes("w", OnnxDataType.UInt8, 3, 2, 1, 1).Node("ConvInteger", ["x", "w"], ["y"]).Output("y")).Code.ShouldBe(DiagnosticCodes.TypeUnsupported);
}
