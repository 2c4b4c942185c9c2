using AotCompiler.Diagnostics;
using AotCompiler.Onnx;
using AotCompiler.Tests.Onnx;
using AotCompiler.Tests.Support;
using Shouldly;

namespace AotCompiler.Tests.Operators;

public sealed class MatMulIntegerTests
{
    [Theory]
    [InlineData(20)]
    [InlineData(700)]
    public void SumsAreExact(int terms) => OperatorCheck.Run(
        new ModelBuilder().Input("a", OnnxDataType.UInt8, 3, terms).Input("b", OnnxDataType.Int8, terms, 5).Quantization("a", 1, 3).RawInitializer("bz", OnnxDataType.Int8, [5], [1, 2, 3, 255, 128])
            .Node("MatMulInteger", ["a", "b", "az", "bz"], ["y"]).Output("y"), low: 0, high: 127, relative: 0, absolute: 0);

    [Fact]
    public void RefusesZeroPointsThatFitNothing() => OperatorCheck.Fails(new ModelBuilder()
        .Input("a", OnnxDataType.UInt8, 3, 4).Input("b", OnnxDataType.UInt8, 4, 5).RawInitializer("z", OnnxDataType.UInt8, [2], [1, 2])
        .Node("MatMulInteger", ["a", "b", "z"], ["y"]).Output("y")).Code.ShouldBe(DiagnosticCodes.ShapeMismatch);
}
