using AotCompiler.Diagnostics;
using AotCompiler.Onnx;
using AotCompiler.Tests.Onnx;
using AotCompiler.Tests.Support;
using Shouldly;

namespace AotCompiler.Tests.Operators;

public sealed class CeluTests
{
    [Fact]
    public void Defaults()
    {
        ElementwiseCheck.Unary("Celu", low: -9, high: 9);
        ElementwiseCheck.Evaluate("Celu", OnnxDataType.Double, [[-1, 0, 2]]).ShouldBe([-0.6321205588, 0, 2], 1e-6);
    }

    [Fact]
    public void Attributes()
    {
        ElementwiseCheck.Unary("Celu", low: -9, high: 9, attributes: [("alpha", 2f)]);
        ElementwiseCheck.Evaluate("Celu", OnnxDataType.Double, [[-1, 0, 2]], attributes: [("alpha", 2f)]).ShouldBe([-0.7869386806, 0, 2], 1e-6);
    }

    [Fact]
    public void RefusesOtherTypes() => OperatorCheck.Fails(new ModelBuilder(24)
        .Input("x", OnnxDataType.Int32, 3).Node("Celu", ["x"], ["y"]).Output("y")).Code.ShouldBe(DiagnosticCodes.TypeUnsupported);
}
