using AotCompiler.Diagnostics;
using AotCompiler.Onnx;
using AotCompiler.Tests.Onnx;
using AotCompiler.Tests.Support;
using Shouldly;

namespace AotCompiler.Tests.Operators;

public sealed class SwishTests
{
    [Fact]
    public void Defaults()
    {
        ElementwiseCheck.Unary("Swish", low: -9, high: 9);
        ElementwiseCheck.Evaluate("Swish", OnnxDataType.Double, [[-1, 0, 2]]).ShouldBe([-0.2689414214, 0, 1.7615941560], 1e-6);
    }

    [Fact]
    public void Attributes()
    {
        ElementwiseCheck.Unary("Swish", low: -9, high: 9, attributes: [("alpha", 2f)]);
        ElementwiseCheck.Evaluate("Swish", OnnxDataType.Double, [[-1, 0, 2]], attributes: [("alpha", 2f)]).ShouldBe([-0.1192029220, 0, 1.9640275801], 1e-6);
    }

    [Fact]
    public void RefusesOtherTypes() => OperatorCheck.Fails(new ModelBuilder(24)
        .Input("x", OnnxDataType.Int32, 3).Node("Swish", ["x"], ["y"]).Output("y")).Code.ShouldBe(DiagnosticCodes.TypeUnsupported);
}
