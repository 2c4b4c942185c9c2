using AotCompiler.Diagnostics;
using AotCompiler.Onnx;
using AotCompiler.Tests.Onnx;
using AotCompiler.Tests.Support;
using Shouldly;

namespace AotCompiler.Tests.Operators;

public sealed class BitwiseXorTests
{
    [Fact]
    public void MatchesTheOracle() => ElementwiseCheck.Binary("BitwiseXor", ElementwiseCheck.Integers);

    [Fact]
    public void KnownValues() => ElementwiseCheck.Evaluate("BitwiseXor", OnnxDataType.UInt8, [[12], [10]]).ShouldBe([6]);

    [Fact]
    public void RefusesOtherTypes() => OperatorCheck.Fails(new ModelBuilder(24)
        .Input("x", OnnxDataType.Float, 3).Node("BitwiseXor", ["x", "x"], ["y"]).Output("y")).Code.ShouldBe(DiagnosticCodes.TypeUnsupported);
}
