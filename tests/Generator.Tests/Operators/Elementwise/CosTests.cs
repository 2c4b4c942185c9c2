using AotCompiler.Diagnostics;
using AotCompiler.Onnx;
using AotCompiler.Tests.Onnx;
using AotCompiler.Tests.Support;
using Shouldly;

namespace AotCompiler.Tests.Operators;

public sealed class CosTests
{
    [Fact]
    public void MatchesTheOracle() => ElementwiseCheck.Unary("Cos", low: -30f, high: 30f);

    [Fact]
    public void KnownValues() => ElementwiseCheck.Evaluate("Cos", OnnxDataType.Double, [[0, 1]]).ShouldBe([1, 0.54030230586814], 1e-12);

    [Fact]
    public void RefusesOtherTypes() => OperatorCheck.Fails(new ModelBuilder(24)
        .Input("x", OnnxDataType.Int32, 3).Node("Cos", ["x"], ["y"]).Output("y")).Code.ShouldBe(DiagnosticCodes.TypeUnsupported);
}
