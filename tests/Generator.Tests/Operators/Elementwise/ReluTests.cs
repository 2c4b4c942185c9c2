using AotCompiler.Diagnostics;
using AotCompiler.Onnx;
using AotCompiler.Tests.Onnx;
using AotCompiler.Tests.Support;
using Shouldly;

namespace AotCompiler.Tests.Operators;

public sealed class ReluTests
{
    [Fact]
    public void MatchesTheOracle() => ElementwiseCheck.Unary("Relu", ElementwiseCheck.SignedNumbers);

    [Fact]
    public void KnownValues() => ElementwiseCheck.Evaluate("Relu", OnnxDataType.Float, [[-2, 0, 3, double.NaN, double.NegativeInfinity]]).ShouldBe([0, 0, 3, double.NaN, 0]);

    [Fact]
    public void IgnoresConsumedInputsOfOldOpsets() => OperatorCheck.Run(new ModelBuilder(1)
        .Input("x", OnnxDataType.Float, 5).Node("Relu", ["x"], ["y"], ("consumed_inputs", new long[] { 0 })).Output("y"), low: 0.1f);

    [Fact]
    public void RefusesOtherTypes() => OperatorCheck.Fails(new ModelBuilder(24)
        .Input("x", OnnxDataType.UInt8, 3).Node("Relu", ["x"], ["y"]).Output("y")).Code.ShouldBe(DiagnosticCodes.TypeUnsupported);
}
