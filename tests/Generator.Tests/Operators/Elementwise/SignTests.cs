using AotCompiler.Diagnostics;
using AotCompiler.Onnx;
using AotCompiler.Tests.Onnx;
using AotCompiler.Tests.Support;
using Shouldly;

namespace AotCompiler.Tests.Operators;

public sealed class SignTests
{
    [Fact]
    public void MatchesTheOracle() => ElementwiseCheck.Unary("Sign", ElementwiseCheck.Numbers);

    [Fact]
    public void KnownValues() => ElementwiseCheck.Evaluate("Sign", OnnxDataType.Float, [[-7, 0, 0.25]]).ShouldBe([-1, 0, 1]);

    [Fact]
    public void RefusesOtherTypes() => OperatorCheck.Fails(new ModelBuilder(24)
        .Input("x", OnnxDataType.Bool, 3).Node("Sign", ["x"], ["y"]).Output("y")).Code.ShouldBe(DiagnosticCodes.TypeUnsupported);
}
