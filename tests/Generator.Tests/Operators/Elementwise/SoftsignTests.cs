using AotCompiler.Diagnostics;
using AotCompiler.Onnx;
using AotCompiler.Tests.Onnx;
using AotCompiler.Tests.Support;
using Shouldly;

namespace AotCompiler.Tests.Operators;

public sealed class SoftsignTests
{
    [Fact]
    public void MatchesTheOracle() => ElementwiseCheck.Unary("Softsign");

    [Fact]
    public void KnownValues() => ElementwiseCheck.Evaluate("Softsign", OnnxDataType.Double, [[-1, 0, 3]]).ShouldBe([-0.5, 0, 0.75]);

    [Fact]
    public void RefusesOtherTypes() => OperatorCheck.Fails(new ModelBuilder(24)
        .Input("x", OnnxDataType.Int32, 3).Node("Softsign", ["x"], ["y"]).Output("y")).Code.ShouldBe(DiagnosticCodes.TypeUnsupported);
}
