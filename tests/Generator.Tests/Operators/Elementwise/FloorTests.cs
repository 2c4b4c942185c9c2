using AotCompiler.Diagnostics;
using AotCompiler.Onnx;
using AotCompiler.Tests.Onnx;
using AotCompiler.Tests.Support;
using Shouldly;

namespace AotCompiler.Tests.Operators;

public sealed class FloorTests
{
    [Fact]
    public void MatchesTheOracle() => ElementwiseCheck.Unary("Floor", low: -9f, high: 9f);

    [Fact]
    public void KnownValues() => ElementwiseCheck.Evaluate("Floor", OnnxDataType.Double, [[-1.5, 2.5]]).ShouldBe([-2, 2], 1e-12);

    [Fact]
    public void IgnoresConsumedInputsOfOldOpsets() => OperatorCheck.Run(new ModelBuilder(1)
        .Input("x", OnnxDataType.Float, 5).Node("Floor", ["x"], ["y"], ("consumed_inputs", new long[] { 0 })).Output("y"), low: 0.1f);

    [Fact]
    public void RefusesOtherTypes() => OperatorCheck.Fails(new ModelBuilder(24)
        .Input("x", OnnxDataType.Int32, 3).Node("Floor", ["x"], ["y"]).Output("y")).Code.ShouldBe(DiagnosticCodes.TypeUnsupported);
}
