using AotCompiler.Diagnostics;
using AotCompiler.Onnx;
using AotCompiler.Tests.Onnx;
using AotCompiler.Tests.Support;
using Shouldly;

namespace AotCompiler.Tests.Operators;

public sealed class MeanTests
{
    [Fact]
    public void MatchesTheOracle() => ElementwiseCheck.Binary("Mean", ElementwiseCheck.Floats, limits: false);

    [Fact]
    public void KnownValues() => ElementwiseCheck.Evaluate("Mean", OnnxDataType.Float, [[1, -9, double.NaN], [4, 3, 2]]).ShouldBe([2.5, -3, double.NaN]);

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(5)]
    public void TakesAnyNumberOfInputs(int count) => ElementwiseCheck.Variadic("Mean", count, limits: false);

    [Fact]
    public void RefusesOtherTypes() => OperatorCheck.Fails(new ModelBuilder(24)
        .Input("x", OnnxDataType.Int32, 3).Node("Mean", ["x", "x"], ["y"]).Output("y")).Code.ShouldBe(DiagnosticCodes.TypeUnsupported);
}
