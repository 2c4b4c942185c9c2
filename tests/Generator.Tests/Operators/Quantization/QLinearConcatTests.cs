using AotCompiler.Diagnostics;
using AotCompiler.Onnx;
using AotCompiler.Tests.Onnx;
using AotCompiler.Tests.Support;
using Shouldly;

namespace AotCompiler.Tests.Operators;

public sealed class QLinearConcatTests
{
    [Fact]
    public void QuantisesEachPartAnew() => OperatorCheck.Run(
        new ModelBuilder().Import("com.microsoft", 1).Input("a", OnnxDataType.UInt8, 2, 3, 5).Input("b", OnnxDataType.UInt8, 2, 1, 5)
            .Quantization("a", 0.05f, 100).Quantization("b", 0.1f, 3).Quantization("y", 0.12f, 60)
            .Node("com.microsoft", "QLinearConcat", ["ys", "yz", "a", "as", "az", "b", "bs", "bz"], ["y"], ("axis", 1)).Output("y"), low: 0, high: 255, absolute: 1);

    [Fact]
    public void RefusesAPartWithoutScale() => OperatorCheck.Fails(new ModelBuilder().Import("com.microsoft", 1)
        .Input("a", OnnxDataType.UInt8, 2).Quantization("a", 1, 0).Node("com.microsoft", "QLinearConcat", ["as", "az", "a", "as", "az", "a"], ["y"], ("axis", 0)).Output("y")).Code.ShouldBe(DiagnosticCodes.GraphMalformed);
}
