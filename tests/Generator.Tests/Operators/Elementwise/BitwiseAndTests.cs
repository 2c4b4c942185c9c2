using AotCompiler.Diagnostics;
using AotCompiler.Onnx;
using AotCompiler.Tests.Onnx;
using AotCompiler.Tests.Support;
using Shouldly;

namespace AotCompiler.Tests.Operators;

public sealed class BitwiseAndTests
{
    [Fact]
    public void MatchesTheOracle() => ElementwiseCheck.Binary("BitwiseAnd", ElementwiseCheck.Integers);

    [Fact]
    public void KnownValues() => ElementwiseCheck.Evaluate("BitwiseAnd", OnnxDataType.UInt8, [[12], [10]]).ShouldBe([8]);

    [Fact]
    public void RefusesOtherTypes() => OperatorCheck.Fails(new ModelBuilder(24)
        .Input("x", OnnxDataType.Float, 3).Node("BitwiseAnd", ["x", "x"], ["y"]).Output("y")).Code.ShouldBe(DiagnosticCodes.TypeUnsupported);
}
