using AotCompiler.Diagnostics;
using AotCompiler.Ir;
using AotCompiler.Onnx;
using AotCompiler.Tests.Onnx;
using AotCompiler.Tests.Support;
using Shouldly;

namespace AotCompiler.Tests.Operators;

public sealed class DequantizeLinearTests
{
    [Theory]
    [InlineData((int)OnnxDataType.UInt8)]
    [InlineData((int)OnnxDataType.Int8)]
    [InlineData((int)OnnxDataType.UInt16)]
    [InlineData((int)OnnxDataType.Int16)]
    [InlineData((int)OnnxDataType.Int32)]
    [InlineData((int)OnnxDataType.UInt4)]
    [InlineData((int)OnnxDataType.Int2)]
    [InlineData((int)OnnxDataType.Float8E5M2)]
    [InlineData((int)OnnxDataType.Float4E2M1)]
    public void OfEveryType(int type) => OperatorCheck.Run(
        new ModelBuilder(25).Input("x", (OnnxDataType)type, 3, 37).Initializer("s", [], [0.37f]).Node("DequantizeLinear", ["x", "s"], ["y"]).Output("y"), low: 0, high: 100);

    [Fact]
    public void KnownValues()
    {
        Tensor result = OperatorCheck.Interpret(new ModelBuilder().RawInitializer("x", OnnxDataType.UInt8, [3], [0, 128, 255]).Quantization("a", 0.5f, 128)
            .Node("DequantizeLinear", ["x", "as", "az"], ["y"]).Output("y"));
        result.Floats().ToArray().ShouldBe([-64, 0, 63.5f]);
    }

    [Fact]
    public void AlongAnAxisWithZeroPoints() => OperatorCheck.Run(
        new ModelBuilder().Input("x", OnnxDataType.UInt8, 2, 3, 5).Initializer("s", [3], [0.5f, 1, 2]).RawInitializer("z", OnnxDataType.UInt8, [3], [1, 2, 200])
            .Node("DequantizeLinear", ["x", "s", "z"], ["y"]).Output("y"), low: 0, high: 255);

    [Fact]
    public void InBlocks() => OperatorCheck.Run(
        new ModelBuilder().Input("x", OnnxDataType.Int8, 4, 6).Initializer("s", [4, 2], [0.5f, 1, 2, 3, 4, 5, 6, 7]).Node("DequantizeLinear", ["x", "s"], ["y"], ("axis", -1), ("block_size", 3)).Output("y"));

    [Theory]
    [InlineData((int)OnnxDataType.Float16)]
    [InlineData((int)OnnxDataType.BFloat16)]
    public void To16Bits(int type) => OperatorCheck.Run(
        new ModelBuilder(23).Input("x", OnnxDataType.UInt8, 3, 37).Initializer("s", [], [0.37f]).Node("DequantizeLinear", ["x", "s"], ["y"], ("output_dtype", type)).Output("y"), low: 0, high: 255);

    [Fact]
    public void RefusesAZeroPointOfAnotherType() => OperatorCheck.Fails(new ModelBuilder()
        .Input("x", OnnxDataType.Int8, 3).Quantization("a", 1, 1).Node("DequantizeLinear", ["x", "as", "az"], ["y"]).Output("y")).Code.ShouldBe(DiagnosticCodes.ShapeMismatch);
}
