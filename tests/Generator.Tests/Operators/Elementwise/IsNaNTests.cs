using AotCompiler.Diagnostics;
using AotCompiler.Onnx;
using AotCompiler.Tests.Onnx;
using AotCompiler.Tests.Support;
using Shouldly;

namespace AotCompiler.Tests.Operators;

public sealed class IsNaNTests
{
    [Fact]
    public void MatchesTheOracle() => ElementwiseCheck.Unary("IsNaN");

    [Fact]
    public void KnownValues() => ElementwiseCheck.Evaluate("IsNaN", OnnxDataType.Float, [[double.NaN, 1, double.PositiveInfinity]]).ShouldBe([1, 0, 0]);

    [Fact]
    public void RefusesOtherTypes() => OperatorCheck.Fails(new ModelBuilder(24)
        .Input("x", OnnxDataType.Int32, 3).Node("IsNaN", ["x"], ["y"]).Output("y")).Code.ShouldBe(DiagnosticCodes.TypeUnsupported);
}
