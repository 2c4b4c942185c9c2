using AotCompiler.Diagnostics;
using AotCompiler.Onnx;
using AotCompiler.Tests.Onnx;
using AotCompiler.Tests.Support;
using Shouldly;

namespace AotCompiler.Tests.Operators;

public sealed class AsinhTests
{
    [Fact]
    public void MatchesTheOracle() => ElementwiseCheck.Unary("Asinh", low: -9f, high: 9f);

    [Fact]
    public void KnownValues() => ElementwiseCheck.Evaluate("Asinh", OnnxDataType.Double, [[0, 1]]).ShouldBe([0, 0.881373587019543], 1e-12);

    [Fact]
    public void RefusesOtherTypes() => OperatorCheck.Fails(new ModelBuilder(24)
        .Input("x", OnnxDataType.Int32, 3).Node("Asinh", ["x"], ["y"]).Output("y")).Code.ShouldBe(DiagnosticCodes.TypeUnsupported);
}
