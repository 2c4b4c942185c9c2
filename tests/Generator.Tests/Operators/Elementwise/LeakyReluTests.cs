using AotCompiler.Diagnostics;
using AotCompiler.Onnx;
using AotCompiler.Tests.Onnx;
using AotCompiler.Tests.Support;
using Shouldly;

namespace AotCompiler.Tests.Operators;

public sealed class LeakyReluTests
{
    [Fact]
    public void Defaults()
    {
        ElementwiseCheck.Unary("LeakyRelu", low: -9, high: 9);
        ElementwiseCheck.Evaluate("LeakyRelu", OnnxDataType.Double, [[-1, 0, 2]]).ShouldBe([-0.01, 0, 2], 1e-6);
    }

    [Fact]
    public void Attributes()
    {
        ElementwiseCheck.Unary("LeakyRelu", low: -9, high: 9, attributes: [("alpha", 0.5f)]);
        ElementwiseCheck.Evaluate("LeakyRelu", OnnxDataType.Double, [[-1, 0, 2]], attributes: [("alpha", 0.5f)]).ShouldBe([-0.5, 0, 2], 1e-6);
    }

    [Fact]
    public void Attributes2()
    {
        ElementwiseCheck.Unary("LeakyRelu", low: -9, high: 9, attributes: [("alpha", -2f)]);
        ElementwiseCheck.Evaluate("LeakyRelu", OnnxDataType.Double, [[-1, 0, 2]], attributes: [("alpha", -2f)]).ShouldBe([2, 0, 2], 1e-6);
    }

    [Fact]
    public void RefusesOtherTypes() => OperatorCheck.Fails(new ModelBuilder(24)
        .Input("x", OnnxDataType.Int32, 3).Node("LeakyRelu", ["x"], ["y"]).Output("y")).Code.ShouldBe(DiagnosticCodes.TypeUnsupported);

    [Fact]
    public void IgnoresConsumedInputsOfOldOpsets() => OperatorCheck.Run(new ModelBuilder(1)
        .Input("x", OnnxDataType.Float, 5).Node("LeakyRelu", ["x"], ["y"], ("consumed_inputs", new long[] { 0 })).Output("y"), low: 0.1f);
}
