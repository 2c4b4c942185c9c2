using AotCompiler.Diagnostics;
using AotCompiler.Onnx;
using AotCompiler.Tests.Onnx;
using AotCompiler.Tests.Support;
using Shouldly;

namespace AotCompiler.Tests.Operators;

public sealed class SeluTests
{
    [Fact]
    public void Defaults()
    {
        ElementwiseCheck.Unary("Selu", low: -9, high: 9);
        ElementwiseCheck.Evaluate("Selu", OnnxDataType.Double, [[-1, 0, 2]]).ShouldBe([-1.1113307, 0, 2.1014020], 1e-6);
    }

    [Fact]
    public void Attributes()
    {
        ElementwiseCheck.Unary("Selu", low: -9, high: 9, attributes: [("alpha", 2f), ("gamma", 3f)]);
        ElementwiseCheck.Evaluate("Selu", OnnxDataType.Double, [[-1, 0, 2]], attributes: [("alpha", 2f), ("gamma", 3f)]).ShouldBe([-3.7927233, 0, 6], 1e-6);
    }

    [Fact]
    public void RefusesOtherTypes() => OperatorCheck.Fails(new ModelBuilder(24)
        .Input("x", OnnxDataType.Int32, 3).Node("Selu", ["x"], ["y"]).Output("y")).Code.ShouldBe(DiagnosticCodes.TypeUnsupported);
    [Fact]
    public void HasRounderDefaultsInOpset1() => ElementwiseCheck.Evaluate("Selu", OnnxDataType.Float, [[1]], opset: 1).ShouldBe([1.0507], 1e-7);
}
