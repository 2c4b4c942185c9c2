using AotCompiler.Diagnostics;
using AotCompiler.Onnx;
using AotCompiler.Tests.Onnx;
using AotCompiler.Tests.Support;
using Shouldly;

namespace AotCompiler.Tests.Operators;

public sealed class LpNormalizationTests
{
    [Theory]
    [InlineData(1L)]
    [InlineData(2L)]
    public void NormalisesAnAxis(long p) => OperatorCheck.Run(new ModelBuilder()
        .Input("x", OnnxDataType.Float, 3, 4, 37)
        .Input("d", OnnxDataType.Double, 3, 4)
        .Initializer("zero", [5], new float[5])
        .Input("one", OnnxDataType.Float, 1)
        .Node("Add", ["zero", "one"], ["v"])
        .Node("Sub", ["v", "one"], ["zeros"])
        .Node("LpNormalization", ["x"], ["y"], ("p", p))
        .Node("LpNormalization", ["x"], ["z"], ("p", p), ("axis", 1))
        .Node("LpNormalization", ["d"], ["e"], ("p", p), ("axis", 0))
        .Node("LpNormalization", ["zeros"], ["w"], ("p", p))
        .Output("y").Output("z").Output("e").Output("w"));

    [Fact]
    public void RefusesOtherNorms() => OperatorCheck.Fails(new ModelBuilder()
        .Input("x", OnnxDataType.Float, 3, 2)
        .Node("LpNormalization", ["x"], ["y"], ("p", 3))
        .Output("y")).Code.ShouldBe(DiagnosticCodes.FeatureUnsupported);
}
