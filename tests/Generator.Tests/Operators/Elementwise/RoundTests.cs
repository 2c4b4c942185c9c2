using AotCompiler.Diagnostics;
using AotCompiler.Onnx;
using AotCompiler.Tests.Onnx;
using AotCompiler.Tests.Support;
using Shouldly;

namespace AotCompiler.Tests.Operators;

public sealed class RoundTests
{
    [Fact]
    public void MatchesTheOracle() => ElementwiseCheck.Unary("Round", low: -9, high: 9);

    [Fact]
    public void KnownValues() => ElementwiseCheck.Evaluate("Round", OnnxDataType.Float, [[0.5, 1.5, 2.5, -0.5, -1.5, 2.6]]).ShouldBe([0, 2, 2, 0, -2, 3]);

    [Fact]
    public void RefusesOtherTypes() => OperatorCheck.Fails(new ModelBuilder(24)
        .Input("x", OnnxDataType.Int32, 3).Node("Round", ["x"], ["y"]).Output("y")).Code.ShouldBe(DiagnosticCodes.TypeUnsupported);
}
