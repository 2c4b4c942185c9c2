using AotCompiler.Diagnostics;
using AotCompiler.Onnx;
using AotCompiler.Tests.Onnx;
using AotCompiler.Tests.Support;
using Shouldly;

namespace AotCompiler.Tests.Operators;

public sealed class CoshTests
{
    [Fact]
    public void MatchesTheOracle() => ElementwiseCheck.Unary("Cosh", low: -9f, high: 9f);

    [Fact]
    public void KnownValues() => ElementwiseCheck.Evaluate("Cosh", OnnxDataType.Double, [[0, 1]]).ShouldBe([1, 1.54308063481524], 1e-12);

    [Fact]
    public void RefusesOtherTypes() => OperatorCheck.Fails(new ModelBuilder(24)
        .Input("x", OnnxDataType.Int32, 3).Node("Cosh", ["x"], ["y"]).Output("y")).Code.ShouldBe(DiagnosticCodes.TypeUnsupported);
}
