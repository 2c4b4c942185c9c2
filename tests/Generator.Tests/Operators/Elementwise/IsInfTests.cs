using AotCompiler.Diagnostics;
using AotCompiler.Onnx;
using AotCompiler.Tests.Onnx;
using AotCompiler.Tests.Support;
using Shouldly;

namespace AotCompiler.Tests.Operators;

public sealed class IsInfTests
{
    [Theory]
    [InlineData(0, 0)]
    [InlineData(0, 1)]
    [InlineData(1, 0)]
    [InlineData(1, 1)]
    public void DetectsTheSignsAskedFor(int negative, int positive)
    {
        (string, object)[] attributes = [("detect_negative", negative), ("detect_positive", positive)];
        ElementwiseCheck.Unary("IsInf", attributes: attributes);
        ElementwiseCheck.Evaluate("IsInf", OnnxDataType.Float, [[double.NaN, double.PositiveInfinity, double.NegativeInfinity, 1]], attributes: attributes)
            .ShouldBe([0, positive, negative, 0]);
    }

    [Fact]
    public void RefusesOtherTypes() => OperatorCheck.Fails(new ModelBuilder(24)
        .Input("x", OnnxDataType.Int32, 3).Node("IsInf", ["x"], ["y"]).Output("y")).Code.ShouldBe(DiagnosticCodes.TypeUnsupported);
}
