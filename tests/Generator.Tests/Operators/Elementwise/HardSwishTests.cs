using AotCompiler.Diagnostics;
using AotCompiler.Onnx;
using AotCompiler.Tests.Onnx;
using AotCompiler.Tests.Support;
using Shouldly;

namespace AotCompiler.Tests.Operators;

public sealed class HardSwishTests
{
    [Fact]
    public void MatchesTheOracle() => ElementwiseCheck.Unary("HardSwish", low: -5, high: 5);

    [Fact]
    public void KnownValues() => ElementwiseCheck.Evaluate("HardSwish", OnnxDataType.Double, [[-4, -1.5, 0, 3, 8]]).ShouldBe([0, -0.375, 0, 3, 8]);

    [Fact]
    public void RefusesOtherTypes() => OperatorCheck.Fails(new ModelBuilder(24)
        .Input("x", OnnxDataType.Int32, 3).Node("HardSwish", ["x"], ["y"]).Output("y")).Code.ShouldBe(DiagnosticCodes.TypeUnsupported);
}
