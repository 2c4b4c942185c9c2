using AotCompiler.Diagnostics;
using AotCompiler.Onnx;
using AotCompiler.Tests.Onnx;
using AotCompiler.Tests.Support;
using Shouldly;

namespace AotCompiler.Tests.Operators;

public sealed class QLinearMulTests
{
    [Fact]
    public void CompiledAndInterpreted() => OperatorCheck.Run(
        new ModelBuilder().Import("com.microsoft", 1).Input("a", OnnxDataType.UInt8, 3, 37).Input("b", OnnxDataType.UInt8, 37)
            .Quantization("a", 0.05f, 100).Quantization("b", 0.1f, 3).Quantization("y", 0.12f, 60)
            .Node("com.microsoft", "QLinearMul", ["a", "as", "az", "b", "bs", "bz", "ys", "yz"], ["y"]).Output("y"), low: 0, high: 255, absolute: 1);

    [Fact]
    public void RefusesDifferentTypes() => OperatorCheck.Fails(new ModelBuilder().Import("com.microsoft", 1)
        .Input("a", OnnxDataType.UInt8, 3).Input("b", OnnxDataType.Int8, 3).Quantization("a", 1, 0).Quantization("b", 1, 0, OnnxDataType.Int8)
        .Node("com.microsoft", "QLinearMul", ["a", "as", "az", "b", "bs", "bz", "as", "az"], ["y"]).Output("y")).Code.ShouldBe(DiagnosticCodes.ShapeMismatch);
}
