using AotCompiler.Diagnostics;
using AotCompiler.Onnx;
using AotCompiler.Tests.Onnx;
using AotCompiler.Tests.Support;
using Shouldly;

namespace AotCompiler.Tests.Operators;

public sealed class QLinearSoftmaxTests
{
    [Theory]
    [InlineData((int)OnnxDataType.UInt8, 100)]
    [InlineData((int)OnnxDataType.Int8, -3)]
    public void CompiledAndInterpreted(int type, int zeroPoint) => OperatorCheck.Run(
        new ModelBuilder().Import("com.microsoft", 1).Input("x", (OnnxDataType)type, 2, 3, 8, 9).Quantization("x", 0.05f, zeroPoint, (OnnxDataType)type).Quantization("y", 0.02f, 7, (OnnxDataType)type)
            .Node("com.microsoft", "QLinearSoftmax", ["x", "xs", "xz", "ys", "yz"], ["y"], ("axis", 1), ("opset", 11)).Output("y"), low: type == (int)OnnxDataType.UInt8 ? 0 : -128, high: type == (int)OnnxDataType.UInt8 ? 255 : 127, absolute: 1);

    [Fact]
    public void RefusesRealNumbers() => OperatorCheck.Fails(new ModelBuilder().Import("com.microsoft", 1)
        .Input("x", OnnxDataType.Float, 2, 3, 8, 9).Quantization("x", 0.05f, 1).Node("com.microsoft", "QLinearSoftmax", ["x", "xs", "xz", "xs", "xz"], ["y"], ("axis", 1), ("opset", 11)).Output("y")).Code.ShouldBe(DiagnosticCodes.TypeUnsupported);
}
