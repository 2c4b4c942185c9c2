using AotCompiler.Diagnostics;
using AotCompiler.Onnx;
using AotCompiler.Tests.Onnx;
using AotCompiler.Tests.Support;
using Shouldly;

namespace AotCompiler.Tests.Operators;

public sealed class SinTests
{
    [Fact]
    public void MatchesTheOracle() => ElementwiseCheck.Unary("Sin", low: -30f, high: 30f);

    [Fact]
    public void KnownValues() => ElementwiseCheck.Evaluate("Sin", OnnxDataType.Double, [[0, 1]]).ShouldBe([0, 0.841470984807897], 1e-12);

    [Fact]
    public void RefusesOtherTypes() => OperatorCheck.Fails(new ModelBuilder(24)
        .Input("x", OnnxDataType.Int32, 3).Node("Sin", ["x"], ["y"]).Output("y")).Code.ShouldBe(DiagnosticCodes.TypeUnsupported);
}
