using AotCompiler.Diagnostics;
using AotCompiler.Onnx;
using AotCompiler.Tests.Onnx;
using AotCompiler.Tests.Support;
using Shouldly;

namespace AotCompiler.Tests.Operators;

public sealed class NegTests
{
    [Fact]
    public void MatchesTheOracle() => ElementwiseCheck.Unary("Neg", ElementwiseCheck.SignedNumbers);

    [Fact]
    public void KnownValues() => ElementwiseCheck.Evaluate("Neg", OnnxDataType.Int8, [[-128, 0, 5]]).ShouldBe([-128, 0, -5]);

    [Fact]
    public void IgnoresConsumedInputsOfOldOpsets() => OperatorCheck.Run(new ModelBuilder(1)
        .Input("x", OnnxDataType.Float, 5).Node("Neg", ["x"], ["y"], ("consumed_inputs", new long[] { 0 })).Output("y"), low: 0.1f);

    [Fact]
    public void RefusesOtherTypes() => OperatorCheck.Fails(new ModelBuilder(24)
        .Input("x", OnnxDataType.UInt8, 3).Node("Neg", ["x"], ["y"]).Output("y")).Code.ShouldBe(DiagnosticCodes.TypeUnsupported);
}
