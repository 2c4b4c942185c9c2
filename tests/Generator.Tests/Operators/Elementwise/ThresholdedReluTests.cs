using AotCompiler.Diagnostics;
using AotCompiler.Onnx;
using AotCompiler.Tests.Onnx;
using AotCompiler.Tests.Support;
using Shouldly;

namespace AotCompiler.Tests.Operators;

public sealed class ThresholdedReluTests
{
    [Fact]
    public void Defaults()
    {
        ElementwiseCheck.Unary("ThresholdedRelu", low: -9, high: 9);
        ElementwiseCheck.Evaluate("ThresholdedRelu", OnnxDataType.Double, [[-1, 1, 2]]).ShouldBe([0, 0, 2], 1e-6);
    }

    [Fact]
    public void Attributes()
    {
        ElementwiseCheck.Unary("ThresholdedRelu", low: -9, high: 9, attributes: [("alpha", -0.5f)]);
        ElementwiseCheck.Evaluate("ThresholdedRelu", OnnxDataType.Double, [[-1, 0, 2]], attributes: [("alpha", -0.5f)]).ShouldBe([0, 0, 2], 1e-6);
    }

    [Fact]
    public void RefusesOtherTypes() => OperatorCheck.Fails(new ModelBuilder(24)
        .Input("x", OnnxDataType.Int32, 3).Node("ThresholdedRelu", ["x"], ["y"]).Output("y")).Code.ShouldBe(DiagnosticCodes.TypeUnsupported);
}
