using AotCompiler.Diagnostics;
using AotCompiler.Onnx;
using AotCompiler.Tests.Onnx;
using AotCompiler.Tests.Support;
using Shouldly;

namespace AotCompiler.Tests.Operators;

public sealed class QLinearMatMulTests
{
    [Theory]
    [InlineData((int)OnnxDataType.UInt8, 120)]
    [InlineData((int)OnnxDataType.Int8, 4)]
    public void ConstantAndComputedOperands(int type, int zeroPoint) => OperatorCheck.Run(
        new ModelBuilder().Input("a", OnnxDataType.UInt8, 2, 3, 19).Input("d", (OnnxDataType)type, 19, 5).RandomCodes("b", (OnnxDataType)type, 19, 21)
            .Quantization("a", 0.02f, 7).Quantization("b", 0.01f, zeroPoint, (OnnxDataType)type).Quantization("y", 0.1f, 100)
            .Node("QLinearMatMul", ["a", "as", "az", "b", "bs", "bz", "ys", "yz"], ["y"]).Output("y")
            .Node("QLinearMatMul", ["a", "as", "az", "d", "bs", "bz", "ys", "yz"], ["e"]).Output("e"), low: 0, high: 100, absolute: 1);

    [Fact]
    public void AScaleForEachColumn() => OperatorCheck.Run(
        new ModelBuilder().Input("a", OnnxDataType.UInt8, 3, 4).RandomCodes("b", OnnxDataType.Int8, 4, 2).Quantization("a", 0.02f, 7)
            .Initializer("bs", [2], [0.01f, 0.1f]).RawInitializer("bz", OnnxDataType.Int8, [2], [1, 255]).Quantization("y", 0.1f, 100)
            .Node("QLinearMatMul", ["a", "as", "az", "b", "bs", "bz", "ys", "yz"], ["y"]).Output("y"), low: 0, high: 255, absolute: 1);

    [Fact]
    public void RefusesInnerDimensionsThatDiffer() => OperatorCheck.Fails(new ModelBuilder()
        .Input("a", OnnxDataType.UInt8, 3, 4).Input("b", OnnxDataType.UInt8, 5, 2).Quantization("a", 1, 0)
        .Node("QLinearMatMul", ["a", "as", "az", "b", "as", "az", "as", "az"], ["y"]).Output("y")).Code.ShouldBe(DiagnosticCodes.ShapeMismatch);

    [Theory]
    [InlineData((int)OnnxDataType.Float8E4M3FN)]
    [InlineData((int)OnnxDataType.Float8E5M2)]
    public void CodesMayBeNarrowFloats(int type)
    {
        ModelBuilder model = new ModelBuilder(opset: 21).Input("a", OnnxDataType.Float, 3, 4).Input("b", OnnxDataType.Float, 4, 5).Input("zero", OnnxDataType.Float, 1)
            .Initializer("s", [1], 0.5f);
        foreach (string name in new[] { "a", "b", "zero" })
        {
            model.Node("Cast", [name], [$"{name}8"], ("to", type));
        }

        OperatorCheck.Run(model.Node("QLinearMatMul", ["a8", "s", "zero8", "b8", "s", "zero8", "s", "zero8"], ["y8"])
            .Node("Cast", ["y8"], ["y"], ("to", (int)OnnxDataType.Float)).Output("y"));
    }
}
