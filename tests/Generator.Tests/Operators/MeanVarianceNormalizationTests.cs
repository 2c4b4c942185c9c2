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
}
