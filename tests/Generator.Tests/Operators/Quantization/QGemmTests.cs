using AotCompiler.Diagnostics;
using AotCompiler.Onnx;
using AotCompiler.Tests.Onnx;
using AotCompiler.Tests.Support;
using Shouldly;

namespace AotCompiler.Tests.Operators;

public sealed class QGemmTests
{
    [Theory]
    [InlineData(0, true)]
    [InlineData(1, false)]
    public void QuantisedAndReal(int transB, bool quantised) => OperatorCheck.Run(
        new ModelBuilder().Import("com.microsoft", 1).Input("a", OnnxDataType.UInt8, 3, 17).RandomCodes("b", OnnxDataType.Int8, transB == 0 ? [17, 6] : [6, 17])
            .Quantization("a", 0.02f, 9).Initializer("bs", [6], [0.1f, 0.2f, 0.3f, 0.4f, 0.5f, 0.6f]).RawInitializer("bz", OnnxDataType.Int8, [6], new byte[6])
            .Initializer("c", [6], [1, -2, 3, 400, 5, 6]).Quantization("y", 2f, 128)
            .Node("com.microsoft", "QGemm", quantised ? ["a", "as", "az", "b", "bs", "bz", "c", "ys", "yz"] : ["a", "as", "az", "b", "bs", "bz", "c"], ["y"], ("transB", transB), ("alpha", 0.5f)).Output("y"), low: 0, high: 255, absolute: 1);

    [Fact]
    public void RefusesInnerDimensionsThatDiffer() => OperatorCheck.Fails(new ModelBuilder().Import("com.microsoft", 1)
        .Input("a", OnnxDataType.UInt8, 3, 4).RandomCodes("b", OnnxDataType.UInt8, 5, 2).Quantization("a", 1, 0)
        .Node("com.microsoft", "QGemm", ["a", "as", "az", "b", "as", "az"], ["y"]).Output("y")).Code.ShouldBe(DiagnosticCodes.ShapeMismatch);
}
