using AotCompiler.Diagnostics;
using AotCompiler.Onnx;
using AotCompiler.Tests.Onnx;
using AotCompiler.Tests.Support;
using Shouldly;

namespace AotCompiler.Tests.Operators;

public sealed class AsinTests
{
    [Fact]
    public void MatchesTheOracle() => ElementwiseCheck.Unary("Asin", low: -1f, high: 1f);

    [Fact]
    public void KnownValues() => ElementwiseCheck.Evaluate("Asin", OnnxDataType.Double, [[0, 1]]).ShouldBe([0, 1.5707963267949], 1e-12);

    [Fact]
    public void RefusesOtherTypes() => OperatorCheck.Fails(new ModelBuilder(24)
        .Input("x", OnnxDataType.Int32, 3).Node("Asin", ["x"], ["y"]).Output("y")).Code.ShouldBe(DiagnosticCodes.TypeUnsupported);
}
