using AotCompiler.Diagnostics;
using AotCompiler.Onnx;
using AotCompiler.Tests.Onnx;
using AotCompiler.Tests.Support;
using Shouldly;

namespace AotCompiler.Tests.Operators;

public sealed class SqrtTests
{
    [Fact]
    public void MatchesTheOracle() => ElementwiseCheck.Unary("Sqrt", low: 0f, high: 9f);

    [Fact]
    public void KnownValues() => ElementwiseCheck.Evaluate("Sqrt", OnnxDataType.Double, [[4, 2.25]]).ShouldBe([2, 1.5], 1e-12);

    [Fact]
    public void IgnoresConsumedInputsOfOldOpsets() => OperatorCheck.Run(new ModelBuilder(1)
        .Input("x", OnnxDataType.Float, 5).Node("Sqrt", ["x"], ["y"], ("consumed_inputs", new long[] { 0 })).Output("y"), low: 0.1f);

    [Fact]
    public void RefusesOtherTypes() => OperatorCheck.Fails(new ModelBuilder(24)
        .Input("x", OnnxDataType.Int32, 3).Node("Sqrt", ["x"], ["y"]).Output("y")).Code.ShouldBe(DiagnosticCodes.TypeUnsupported);
}
