using AotCompiler.Diagnostics;
using AotCompiler.Onnx;
using AotCompiler.Tests.Onnx;
using AotCompiler.Tests.Support;
using Shouldly;

namespace AotCompiler.Tests.Operators;

public sealed class AtanhTests
{
    [Fact]
    public void MatchesTheOracle() => ElementwiseCheck.Unary("Atanh", low: -1f, high: 1f);

    [Fact]
    public void KnownValues() => ElementwiseCheck.Evaluate("Atanh", OnnxDataType.Double, [[0, 0.5]]).ShouldBe([0, 0.549306144334055], 1e-12);

    [Fact]
    public void RefusesOtherTypes() => OperatorCheck.Fails(new ModelBuilder(24)
        .Input("x", OnnxDataType.Int32, 3).Node("Atanh", ["x"], ["y"]).Output("y")).Code.ShouldBe(DiagnosticCodes.TypeUnsupported);
}
