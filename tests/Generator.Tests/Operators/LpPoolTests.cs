using AotCompiler.Diagnostics;
using AotCompiler.Onnx;
using AotCompiler.Tests.Onnx;
using AotCompiler.Tests.Support;
using Shouldly;

namespace AotCompiler.Tests.Operators;

public sealed class LpPoolTests
{
    [Theory]
    [InlineData(1L)]
    [InlineData(2L)]
    [InlineData(3L)]
    public void TakesNorms(long p)
    {
        foreach (OnnxDataType type in new[] { OnnxDataType.Float, OnnxDataType.Double })
        {
            OperatorCheck.Run(new ModelBuilder()
                .Input("x", type, 1, 2, 9, 23)
                .Node("LpPool", ["x"], ["y"], ("kernel_shape", new long[] { 3, 3 }), ("p", p), ("pads", new long[] { 1, 1, 1, 1 }))
                .Output("y"));
        }
    }

    [Fact]
    public void ReadsTheFloatOfOpset1() => OperatorCheck.Run(new ModelBuilder(opset: 1)
        .Input("x", OnnxDataType.Float, 1, 2, 9, 23)
        .Node("LpPool", ["x"], ["y"], ("kernel_shape", new long[] { 2, 3 }), ("p", 1.5f))
        .Output("y"));

    [Fact]
    public void RefusesOtherExponents() => OperatorCheck.Fails(new ModelBuilder()
        .Input("x", OnnxDataType.Float, 1, 2, 9)
        .Node("LpPool", ["x"], ["y"], ("kernel_shape", new long[] { 3 }), ("p", 0L))
        .Output("y")).Code.ShouldBe(DiagnosticCodes.FeatureUnsupported);
}
