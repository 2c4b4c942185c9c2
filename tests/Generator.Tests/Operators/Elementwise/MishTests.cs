using AotCompiler.Diagnostics;
using AotCompiler.Onnx;
using AotCompiler.Tests.Onnx;
using AotCompiler.Tests.Support;
using Shouldly;

namespace AotCompiler.Tests.Operators;

public sealed class MishTests
{
    [Fact]
    public void MatchesTheOracle() => ElementwiseCheck.Unary("Mish", low: -9, high: 9);

    [Fact]
    public void KnownValues() => ElementwiseCheck.Evaluate("Mish", OnnxDataType.Double, [[-1, 0, 1]]).ShouldBe([-0.303401461026147, 0, 0.865098388267364], 1e-8);

    [Fact]
    public void RefusesOtherTypes() => OperatorCheck.Fails(new ModelBuilder(24)
        .Input("x", OnnxDataType.Int32, 3).Node("Mish", ["x"], ["y"]).Output("y")).Code.ShouldBe(DiagnosticCodes.TypeUnsupported);
}
