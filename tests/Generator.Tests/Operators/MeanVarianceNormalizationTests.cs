using AotCompiler.Diagnostics;
using AotCompiler.Onnx;
using AotCompiler.Tests.Onnx;
using AotCompiler.Tests.Support;
using Shouldly;

namespace AotCompiler.Tests.Operators;

public sealed class MeanVarianceNormalizationTests
{
    [Fact]
    public void NormalisesAxes() => OperatorCheck.Run(new ModelBuilder()
        .Input("x", OnnxDataType.Float, 3, 2, 5, 7)
        .Node("MeanVarianceNormalization", ["x"], ["y"])
        .Node("MeanVarianceNormalization", ["x"], ["z"], ("axes", new long[] { 1, -4 }))
        .Output("y").Output("z"));

    [Fact]
    public void RefusesAxesThatAreNotThere() => OperatorCheck.Fails(new ModelBuilder()
        .Input("x", OnnxDataType.Float, 3, 2)
        .Node("MeanVarianceNormalization", ["x"], ["y"])
        .Output("y")).Code.ShouldBe(DiagnosticCodes.ShapeMismatch);

    [Theory]
    [InlineData(0, new long[] { 0, 2, 3 })]
    [InlineData(1, new long[] { 0, 1, 2, 3 })]
    public void TheExperimentalOperatorHasAFlagForAllAxes(int acrossChannels, long[] axes) => EquivalenceCheck.Run(
        new ModelBuilder(8).Input("x", OnnxDataType.Float, 2, 3, 5, 7).Node("MeanVarianceNormalization", ["x"], ["y"], ("across_channels", acrossChannels)).Output("y"),
        new ModelBuilder(9).Input("x", OnnxDataType.Float, 2, 3, 5, 7).Node("MeanVarianceNormalization", ["x"], ["y"], ("axes", axes)).Output("y"));

    [Fact]
    public void RefusesTheExperimentalOperatorWithoutVariance() => OperatorCheck.Fails(
        new ModelBuilder(8).Input("x", OnnxDataType.Float, 2, 3, 5, 7).Node("MeanVarianceNormalization", ["x"], ["y"], ("normalize_variance", 0)).Output("y"))
        .Code.ShouldBe(DiagnosticCodes.FeatureUnsupported);
}
