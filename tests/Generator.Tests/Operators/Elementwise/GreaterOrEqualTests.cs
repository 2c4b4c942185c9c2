using AotCompiler.Diagnostics;
using AotCompiler.Onnx;
using AotCompiler.Tests.Onnx;
using AotCompiler.Tests.Support;
using Shouldly;

namespace AotCompiler.Tests.Operators;

public sealed class GreaterOrEqualTests
{
    [Fact]
    public void MatchesTheOracle() => ElementwiseCheck.Binary("GreaterOrEqual");

    [Fact]
    public void KnownValues() => ElementwiseCheck.Evaluate("GreaterOrEqual", OnnxDataType.UInt64, [[1, 5, 18446744073709551615], [2, 5, 3]]).ShouldBe([0, 1, 1]);

    [Fact]
    public void NanComparesFalse() => ElementwiseCheck.Evaluate("GreaterOrEqual", OnnxDataType.Float, [[double.NaN, 1], [1, double.NaN]]).ShouldBe([0, 0]);

    [Fact]
    public void RefusesOtherTypes() => OperatorCheck.Fails(new ModelBuilder(24)
        .Input("x", OnnxDataType.Bool, 3).Node("GreaterOrEqual", ["x", "x"], ["y"]).Output("y")).Code.ShouldBe(DiagnosticCodes.TypeUnsupported);
}
