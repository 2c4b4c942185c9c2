using AotCompiler.Diagnostics;
using AotCompiler.Onnx;
using AotCompiler.Tests.Onnx;
using AotCompiler.Tests.Support;
using Shouldly;

namespace AotCompiler.Tests.Operators;

public sealed class AtanTests
{
    [Fact]
    public void MatchesTheOracle() => ElementwiseCheck.Unary("Atan", low: -9f, high: 9f);

    [Fact]
    public void KnownValues() => ElementwiseCheck.Evaluate("Atan", OnnxDataType.Double, [[0, 1]]).ShouldBe([0, 0.785398163397448], 1e-12);

    [Fact]
    public void RefusesOtherTypes() => OperatorCheck.Fails(new ModelBuilder(24)
        .Input("x", OnnxDataType.Int32, 3).Node("Atan", ["x"], ["y"]).Output("y")).Code.ShouldBe(DiagnosticCodes.TypeUnsupported);
}
