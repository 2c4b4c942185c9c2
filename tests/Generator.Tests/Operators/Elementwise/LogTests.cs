using AotCompiler.Diagnostics;
using AotCompiler.Onnx;
using AotCompiler.Tests.Onnx;
using AotCompiler.Tests.Support;
using Shouldly;

namespace AotCompiler.Tests.Operators;

public sealed class LogTests
{
    [Fact]
    public void MatchesTheOracle() => ElementwiseCheck.Unary("Log", low: 0f, high: 50f);

    [Fact]
    public void KnownValues() => ElementwiseCheck.Evaluate("Log", OnnxDataType.Double, [[1, 7.38905609893065]]).ShouldBe([0, 2], 1e-12);

    [Fact]
    public void IgnoresConsumedInputsOfOldOpsets() => OperatorCheck.Run(new ModelBuilder(1)
        .Input("x", OnnxDataType.Float, 5).Node("Log", ["x"], ["y"], ("consumed_inputs", new long[] { 0 })).Output("y"), low: 0.1f);

    [Fact]
    public void RefusesOtherTypes() => OperatorCheck.Fails(new ModelBuilder(24)
        .Input("x", OnnxDataType.Int32, 3).Node("Log", ["x"], ["y"]).Output("y")).Code.ShouldBe(DiagnosticCodes.TypeUnsupported);
}
