using AotCompiler.Diagnostics;
using AotCompiler.Onnx;
using AotCompiler.Tests.Onnx;
using AotCompiler.Tests.Support;
using Shouldly;

namespace AotCompiler.Tests.Operators;

public sealed class TanTests
{
    [Fact]
    public void MatchesTheOracle() => ElementwiseCheck.Unary("Tan", low: -1.4f, high: 1.4f);

    [Fact]
    public void KnownValues() => ElementwiseCheck.Evaluate("Tan", OnnxDataType.Double, [[0, 1]]).ShouldBe([0, 1.5574077246549], 1e-12);

    [Fact]
    public void RefusesOtherTypes() => OperatorCheck.Fails(new ModelBuilder(24)
        .Input("x", OnnxDataType.Int32, 3).Node("Tan", ["x"], ["y"]).Output("y")).Code.ShouldBe(DiagnosticCodes.TypeUnsupported);
}
