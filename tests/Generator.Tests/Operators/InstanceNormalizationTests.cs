using AotCompiler.Diagnostics;
using AotCompiler.Onnx;
using AotCompiler.Tests.Onnx;
using AotCompiler.Tests.Support;
using Shouldly;

namespace AotCompiler.Tests.Operators;

public sealed class InstanceNormalizationTests
{
    [Theory]
    [InlineData(new long[] { 2, 3, 5, 7 })]
    [InlineData(new long[] { 1, 4, 33 })]
    [InlineData(new long[] { 2, 3, 2, 3, 4 })]
    public void NormalisesChannels(long[] shape) => OperatorCheck.Run(new ModelBuilder()
        .Input("x", OnnxDataType.Float, shape).Input("s", OnnxDataType.Float, shape[1]).Input("b", OnnxDataType.Float, shape[1])
        .Input("d", OnnxDataType.Double, shape).Input("ds", OnnxDataType.Double, shape[1]).Input("db", OnnxDataType.Double, shape[1])
        .Node("InstanceNormalization", ["x", "s", "b"], ["y"])
        .Node("InstanceNormalization", ["d", "ds", "db"], ["e"], ("epsilon", 0.01f))
        .Output("y").Output("e"));

    [Fact]
    public void RefusesAScaleThatDoesNotFit() => OperatorCheck.Fails(new ModelBuilder()
        .Input("x", OnnxDataType.Float, 2, 3, 5).Input("s", OnnxDataType.Float, 2).Input("b", OnnxDataType.Float, 3)
        .Node("InstanceNormalization", ["x", "s", "b"], ["y"])
        .Output("y")).Code.ShouldBe(DiagnosticCodes.ShapeMismatch);
}
