using AotCompiler.Diagnostics;
using AotCompiler.Onnx;
using AotCompiler.Tests.Onnx;
using AotCompiler.Tests.Support;
using Shouldly;

namespace AotCompiler.Tests.Operators;

public sealed class NotTests
{
    [Fact]
    public void MatchesTheOracle() => ElementwiseCheck.Unary("Not", [OnnxDataType.Bool]);

    [Fact]
    public void KnownValues() => ElementwiseCheck.Evaluate("Not", OnnxDataType.Bool, [[0, 1]]).ShouldBe([1, 0]);

    [Fact]
    public void RefusesOtherTypes() => OperatorCheck.Fails(new ModelBuilder(24)
        .Input("x", OnnxDataType.Float, 3).Node("Not", ["x"], ["y"]).Output("y")).Code.ShouldBe(DiagnosticCodes.TypeUnsupported);
}
