using AotCompiler.Diagnostics;
using AotCompiler.Onnx;
using AotCompiler.Tests.Onnx;
using AotCompiler.Tests.Support;
using Shouldly;

namespace AotCompiler.Tests.Operators;

public sealed class AbsTests
{
    [Fact]
    public void MatchesTheOracle() => ElementwiseCheck.Unary("Abs", ElementwiseCheck.Numbers);

    [Fact]
    public void KnownValues() => ElementwiseCheck.Evaluate("Abs", OnnxDataType.Int32, [[-7, 0, int.MinValue]]).ShouldBe([7, 0, int.MinValue]);

    [Fact]
    public void IgnoresConsumedInputsOfOldOpsets() => OperatorCheck.Run(new ModelBuilder(1)
        .Input("x", OnnxDataType.Float, 5).Node("Abs", ["x"], ["y"], ("consumed_inputs", new long[] { 0 })).Output("y"), low: 0.1f);

    [Fact]
    public void RefusesOtherTypes() => OperatorCheck.Fails(new ModelBuilder(24)
        .Input("x", OnnxDataType.Bool, 3).Node("Abs", ["x"], ["y"]).Output("y")).Code.ShouldBe(DiagnosticCodes.TypeUnsupported);
}
