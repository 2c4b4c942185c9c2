using AotCompiler.Diagnostics;
using AotCompiler.Onnx;
using AotCompiler.Tests.Onnx;
using AotCompiler.Tests.Support;
using Shouldly;

namespace AotCompiler.Tests.Operators;

public sealed class EluTests
{
    [Fact]
    public void Defaults()
    {
        ElementwiseCheck.Unary("Elu", low: -9, high: 9);
        ElementwiseCheck.Evaluate("Elu", OnnxDataType.Double, [[-1, 0, 2]]).ShouldBe([-0.6321205588, 0, 2], 1e-6);
    }

    [Fact]
    public void Attributes()
    {
        ElementwiseCheck.Unary("Elu", low: -9, high: 9, attributes: [("alpha", 2f)]);
        ElementwiseCheck.Evaluate("Elu", OnnxDataType.Double, [[-1, 0, 2]], attributes: [("alpha", 2f)]).ShouldBe([-1.2642411177, 0, 2], 1e-6);
    }

    [Fact]
    public void RefusesOtherTypes() => OperatorCheck.Fails(new ModelBuilder(24)
        .Input("x", OnnxDataType.Int32, 3).Node("Elu", ["x"], ["y"]).Output("y")).Code.ShouldBe(DiagnosticCodes.TypeUnsupported);

    [Fact]
    public void IgnoresConsumedInputsOfOldOpsets() => OperatorCheck.Run(new ModelBuilder(1)
        .Input("x", OnnxDataType.Float, 5).Node("Elu", ["x"], ["y"], ("consumed_inputs", new long[] { 0 })).Output("y"), low: 0.1f);
}
