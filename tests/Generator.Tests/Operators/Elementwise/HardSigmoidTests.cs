using AotCompiler.Diagnostics;
using AotCompiler.Onnx;
using AotCompiler.Tests.Onnx;
using AotCompiler.Tests.Support;
using Shouldly;

namespace AotCompiler.Tests.Operators;

public sealed class HardSigmoidTests
{
    [Fact]
    public void Defaults()
    {
        ElementwiseCheck.Unary("HardSigmoid", low: -9, high: 9);
        ElementwiseCheck.Evaluate("HardSigmoid", OnnxDataType.Double, [[-9, 0, 2, 9]]).ShouldBe([0, 0.5, 0.9, 1], 1e-6);
    }

    [Fact]
    public void Attributes()
    {
        ElementwiseCheck.Unary("HardSigmoid", low: -9, high: 9, attributes: [("alpha", 0.5f), ("beta", 0.25f)]);
        ElementwiseCheck.Evaluate("HardSigmoid", OnnxDataType.Double, [[-1, 0, 1]], attributes: [("alpha", 0.5f), ("beta", 0.25f)]).ShouldBe([0, 0.25, 0.75], 1e-6);
    }

    [Fact]
    public void RefusesOtherTypes() => OperatorCheck.Fails(new ModelBuilder(24)
        .Input("x", OnnxDataType.Int32, 3).Node("HardSigmoid", ["x"], ["y"]).Output("y")).Code.ShouldBe(DiagnosticCodes.TypeUnsupported);

    [Fact]
    public void IgnoresConsumedInputsOfOldOpsets() => OperatorCheck.Run(new ModelBuilder(1)
        .Input("x", OnnxDataType.Float, 5).Node("HardSigmoid", ["x"], ["y"], ("consumed_inputs", new long[] { 0 })).Output("y"), low: 0.1f);
}
