using AotCompiler.Diagnostics;
using AotCompiler.Onnx;
using AotCompiler.Tests.Onnx;
using AotCompiler.Tests.Support;
using Shouldly;

namespace AotCompiler.Tests.Operators;

public sealed class BitwiseNotTests
{
    [Fact]
    public void MatchesTheOracle() => ElementwiseCheck.Unary("BitwiseNot", ElementwiseCheck.Integers);

    [Fact]
    public void KnownValues() => ElementwiseCheck.Evaluate("BitwiseNot", OnnxDataType.UInt8, [[0, 5]]).ShouldBe([255, 250]);

    [Fact]
    public void RefusesOtherTypes() => OperatorCheck.Fails(new ModelBuilder(24)
        .Input("x", OnnxDataType.Float, 3).Node("BitwiseNot", ["x"], ["y"]).Output("y")).Code.ShouldBe(DiagnosticCodes.TypeUnsupported);
}
