using AotCompiler.Diagnostics;
using AotCompiler.Ir;
using AotCompiler.Onnx;
using AotCompiler.Tests.Onnx;
using AotCompiler.Tests.Support;
using Shouldly;

namespace AotCompiler.Tests.Operators;

public sealed class QLinearAveragePoolTests
{
    [Theory]
    [InlineData((int)OnnxDataType.UInt8, 100)]
    [InlineData((int)OnnxDataType.Int8, -3)]
    public void CompiledAndInterpreted(int type, int zeroPoint) => OperatorCheck.Run(
        new ModelBuilder().Import("com.microsoft", 1).Input("x", (OnnxDataType)type, 2, 3, 8, 9).Quantization("x", 0.05f, zeroPoint, (OnnxDataType)type).Quantization("y", 0.02f, 7, (OnnxDataType)type)
            .Node("com.microsoft", "QLinearAveragePool", ["x", "xs", "xz", "ys", "yz"], ["y"], ("kernel_shape", new long[] { 2, 3 }), ("pads", new long[] { 0, 1, 0, 1 })).Output("y"), low: type == (int)OnnxDataType.UInt8 ? 0 : -128, high: type == (int)OnnxDataType.UInt8 ? 255 : 127, absolute: 1);

    /// <summary>Means of four codes of one scale are often ties: with the zero point they are rounded to the even code.</summary>
    [Fact]
    public void TiesAreRoundedWithTheZeroPoint()
    {
        Tensor codes = OperatorCheck.Interpret(new ModelBuilder().Import("com.microsoft", 1)
            .RawInitializer("x", OnnxDataType.UInt8, [1, 1, 2, 4], [1, 1, 3, 3, 0, 0, 0, 4]).Quantization("x", 0.5f, 0).Quantization("y", 0.5f, 3)
            .Node("com.microsoft", "QLinearAveragePool", ["x", "xs", "xz", "ys", "yz"], ["y"], ("kernel_shape", new long[] { 2, 2 }), ("strides", new long[] { 2, 2 })).Output("y"));
        codes.Bytes.ToArray().ShouldBe([4, 6]);
    }

    [Fact]
    public void RefusesRealNumbers() => OperatorCheck.Fails(new ModelBuilder().Import("com.microsoft", 1)
        .Input("x", OnnxDataType.Float, 2, 3, 8, 9).Quantization("x", 0.05f, 1).Node("com.microsoft", "QLinearAveragePool", ["x", "xs", "xz", "xs", "xz"], ["y"], ("kernel_shape", new long[] { 2, 3 }), ("pads", new long[] { 0, 1, 0, 1 })).Output("y")).Code.ShouldBe(DiagnosticCodes.TypeUnsupported);
}
