using AotCompiler.Diagnostics;
using AotCompiler.Onnx;
using AotCompiler.Tests.Onnx;
using AotCompiler.Tests.Support;
using Shouldly;

namespace AotCompiler.Tests.Operators;

public sealed class ReciprocalTests
{
    [Fact]
    public void MatchesTheOracle() => ElementwiseCheck.Unary("Reciprocal", low: 0.1f, high: 9f);

    [Fact]
    public void KnownValues() => ElementwiseCheck.Evaluate("Reciprocal", OnnxDataType.Double, [[4, -0.5]]).ShouldBe([0.25, -2], 1e-12);

    [Fact]
    public void IgnoresConsumedInputsOfOldOpsets() => OperatorCheck.Run(new ModelBuilder(1)
        .Input("x", OnnxDataType.Float, 5).Node("Reciprocal", ["x"], ["y"], ("consumed_inputs", new long[] { 0 })).Output("y"), low: 0.1f);

    [Fact]
    public void RefusesOtherTypes() => OperatorCheck.Fails(new ModelBuilder(24)
        .Input("x", OnnxDataType.Int32, 3).Node("Reciprocal", ["x"], ["y"]).Output("y")).Code.ShouldBe(DiagnosticCodes.TypeUnsupported);
}
