using AotCompiler.Ir;
using AotCompiler.Onnx;
using AotCompiler.Tests.Onnx;
using AotCompiler.Tests.Support;
using Shouldly;

namespace AotCompiler.Tests.Operators;

public sealed class UnroundedProductTests
{
    /// <summary>Half a step is a tie: with the result's odd zero point, it is rounded to the even code, as ONNX Runtime's kernel does.</summary>
    [Fact]
    public void TiesAreRoundedWithTheZeroPoint()
    {
        Tensor codes = OperatorCheck.Interpret(new ModelBuilder().Import("com.microsoft", 1)
            .RawInitializer("a", OnnxDataType.UInt8, [5], [1, 3, 5, 250, 0]).RawInitializer("b", OnnxDataType.UInt8, [5], [1, 1, 1, 255, 9]).Quantization("x", 0.5f, 0).Quantization("y", 0.5f, 3)
            .Node("com.microsoft", "QLinearMul", ["a", "xs", "xz", "b", "xs", "xz", "ys", "yz"], ["y"]).Output("y"));
        codes.Bytes.ToArray().ShouldBe([4, 4, 6, 255, 3]);
    }

    [Fact]
    public void AllWidths() => OperatorCheck.Run(
        new ModelBuilder().Import("com.microsoft", 1).Input("a", OnnxDataType.Int8, 3, 37).Input("b", OnnxDataType.Int8, 3, 37)
            .Quantization("a", 0.25f, 3, OnnxDataType.Int8).Quantization("b", 0.5f, -4, OnnxDataType.Int8).Quantization("y", 2f, 5, OnnxDataType.Int8)
            .Node("com.microsoft", "QLinearMul", ["a", "as", "az", "b", "bs", "bz", "ys", "yz"], ["y"]).Output("y"), low: -128, high: 127, relative: 0, absolute: 0);
}
