using AotCompiler.Diagnostics;
using AotCompiler.Onnx;
using AotCompiler.Tests.Onnx;
using AotCompiler.Tests.Support;
using Shouldly;

namespace AotCompiler.Tests.Operators;

public sealed class RMSNormalizationTests
{
    [Fact]
    public void NormalisesTrailingDimensions() => OperatorCheck.Run(new ModelBuilder(opset: 23)
        .Input("x", OnnxDataType.Float, 2, 5, 83).Input("s", OnnxDataType.Float, 83).Input("t", OnnxDataType.Float, 5, 83)
        .Node("RMSNormalization", ["x", "s"], ["y"])
        .Node("RMSNormalization", ["x", "t"], ["z"], ("axis", 1), ("epsilon", 0.1f))
        .Node("RMSNormalization", ["x", "s"], ["w"], ("axis", -2))
        .Output("y").Output("z").Output("w"));

    [Fact]
    public void RefusesAScaleThatDoesNotFit() => OperatorCheck.Fails(new ModelBuilder(opset: 23)
        .Input("x", OnnxDataType.Float, 3, 5).Input("s", OnnxDataType.Float, 3)
        .Node("RMSNormalization", ["x", "s"], ["y"])
        .Output("y")).Code.ShouldBe(DiagnosticCodes.ShapeMismatch);

    [Theory]
    [InlineData((int)OnnxDataType.Float, (int)OnnxDataType.Double)]
    [InlineData((int)OnnxDataType.Double, (int)OnnxDataType.Float)]
    [InlineData((int)OnnxDataType.Float16, (int)OnnxDataType.Float)]
    [InlineData((int)OnnxDataType.Float, (int)OnnxDataType.BFloat16)]
    public void TheScaleDecidesTheTypeOfTheResult(int type, int scale) => OperatorCheck.Run(
        new ModelBuilder(opset: 23)
            .Input("x", (OnnxDataType)type, 3, 7).Input("s", (OnnxDataType)scale, 7)
            .Node("RMSNormalization", ["x", "s"], ["y"])
            .Output("y", (OnnxDataType)scale),
        relative: 1e-2,
        absolute: 1e-2);
}
