using AotCompiler.Diagnostics;
using AotCompiler.Onnx;
using AotCompiler.Tests.Onnx;
using AotCompiler.Tests.Support;
using Shouldly;

namespace AotCompiler.Tests.Operators;

public sealed class SoftplusTests
{
    [Fact]
    public void MatchesTheOracle() => ElementwiseCheck.Unary("Softplus", low: -30, high: 30);

    [Fact]
    public void KnownValues() => ElementwiseCheck.Evaluate("Softplus", OnnxDataType.Double, [[0, -1, 40]]).ShouldBe([0.693147180559945, 0.313261687518223, 40], 1e-12);

    [Fact]
    public void RefusesOtherTypes() => OperatorCheck.Fails(new ModelBuilder(24)
        .Input("x", OnnxDataType.Int32, 3).Node("Softplus", ["x"], ["y"]).Output("y")).Code.ShouldBe(DiagnosticCodes.TypeUnsupported);
}
